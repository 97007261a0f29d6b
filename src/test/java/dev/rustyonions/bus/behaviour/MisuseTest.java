package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.time.Duration;
import java.util.List;

/** One receiver used by two threads. */
class MisuseTest {

    @EachModeAndThread
    void aSecondThreadIsToldWhatToDoAndTheFirstGoesOnWaiting(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(o -> o.name("audit"));
                Receiver<Integer> other = bus.subscribe()) {
            Task<Received<Integer>> first = Task.start(kind, rx::recv).untilParked();
            List<ThrowingCallable> uses =
                    List.of(
                            rx::recv,
                            rx::tryRecv,
                            () -> rx.recvTimeout(Duration.ofHours(1)),
                            () -> rx.recvTimeout(Duration.ZERO),
                            () -> rx.drain(1, received -> {}),
                            () -> rx.consume(event -> {}, missed -> {}));
            for (ThrowingCallable use : uses) {
                assertThatThrownBy(use)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("[audit]")
                        .hasMessageContaining("subscribe once per task");
            }
            first.untilParked();
            assertThat(bus.publish(7)).isEqualTo(2);
            assertThat(first.result()).isEqualTo(new Message<>(0, 7));
            assertThat(other.recv()).isEqualTo(new Message<>(0, 7));
            assertThat(rx.delivered()).isEqualTo(1);
            bus.publish(8);
            assertThat(rx.recv()).isEqualTo(new Message<>(1, 8));
        }
    }

    @EachModeAndThread
    void ofTwoThreadsThatBeginToWaitTogetherOneIsToldAndTheBusIsUnharmed(
            Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> witness = bus.subscribe()) {
            for (int round = 0; round < 300; round++) {
                Receiver<Integer> rx = bus.subscribe();
                Task<Boolean> first = Task.start(kind, () -> isTold(rx));
                Task<Boolean> second = Task.start(kind, () -> isTold(rx));
                while (!first.isDone() && !second.isDone()) {
                    Thread.onSpinWait();
                }
                Task<Boolean> told = first.isDone() ? first : second;
                Task<Boolean> waiting = told == first ? second : first;
                assertThat(told.result()).isTrue();
                waiting.untilParked();
                bus.publish(round);
                assertThat(waiting.result()).isFalse();
                rx.close();
                assertThat(witness.recv()).isEqualTo(new Message<>(round, round));
            }
        }
    }

    private static boolean isTold(Receiver<Integer> rx) {
        try {
            assertThat(rx.recv()).isInstanceOf(Message.class);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
