package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waiting until receivers have handled what was published, and until they are there. */
@SuppressWarnings("try") // what is closed here is closed again at the end of its block
class IdleTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    @EachModeAndThread
    void aBusIsIdleWhenTheHandlerOfTheLastMessageHasReturnedAndNotBefore(
            Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8)) {
            Receiver<Integer> rx = bus.subscribe();
            CountDownLatch inHandler = new CountDownLatch(1);
            CountDownLatch mayReturn = new CountDownLatch(1);
            List<Integer> handled = new ArrayList<>();
            Task.run(
                    kind,
                    () ->
                            rx.consume(
                                    event -> {
                                        inHandler.countDown();
                                        Latches.await(mayReturn);
                                        handled.add(event);
                                    },
                                    missed -> {}));
            bus.publish(7);
            Latches.await(inHandler);
            assertThat(rx.depth()).as("taken").isZero();
            assertThat(bus.awaitIdle(AT_ONCE)).as("and not handled").isFalse();
            mayReturn.countDown();
            assertThat(bus.awaitIdle(Task.PATIENCE)).isTrue();
            assertThat(handled).containsExactly(7);
        }
    }

    @EachModeAndThread
    void whatIsPublishedAfterTheCallIsNotWaitedFor(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8)) {
            Receiver<Integer> rx = bus.subscribe();
            CountDownLatch mayReturn = new CountDownLatch(1);
            CountDownLatch inHandler = new CountDownLatch(1);
            bus.publish(0);
            Task.run(
                    kind,
                    () ->
                            rx.consume(
                                    event -> {
                                        if (event == 1) {
                                            inHandler.countDown();
                                            Latches.await(mayReturn);
                                        } else {
                                            bus.publish(1);
                                        }
                                    },
                                    missed -> {}));
            Latches.await(inHandler);
            assertThat(bus.awaitIdle(AT_ONCE)).as("1 is published, and not handled").isFalse();
            mayReturn.countDown();
            assertThat(bus.awaitIdle(Task.PATIENCE)).isTrue();
        }
    }

    @EachMode
    void aReceiverThatNeverRunsDryIsIdleAsFarAsItHasCome(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe()) {
            assertThat(bus.awaitIdle(AT_ONCE)).as("nothing to handle").isTrue();
            bus.publish(0);
            Task<Boolean> waiting =
                    Task.start(ThreadKind.VIRTUAL, () -> bus.awaitIdle(Task.PATIENCE))
                            .untilParkedTimed();
            bus.publishMany(List.of(1, 2, 3));
            rx.recv();
            rx.recv(); // comes back for more after 0
            assertThat(waiting.result()).isTrue();
            assertThat(bus.awaitIdle(AT_ONCE)).isFalse();
        }
    }

    @EachMode
    void polledAndDrainedReceiversAreIdleOnceTheyHaveComeBack(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> polled = bus.subscribe();
                Receiver<Integer> drained = bus.subscribe()) {
            bus.publish(0);
            polled.tryRecv();
            drained.drain(1, received -> {});
            assertThat(bus.awaitIdle(AT_ONCE)).isFalse();
            polled.tryRecv();
            assertThat(bus.awaitIdle(AT_ONCE)).isFalse();
            drained.drain(1, received -> {});
            assertThat(bus.awaitIdle(AT_ONCE)).isTrue();
        }
    }

    @EachMode
    void receiversThatHaveEndedAreNotWaitedFor(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8)) {
            Receiver<Integer> closed = bus.subscribe();
            var abandoned = new WeakReference<>(bus.subscribe());
            bus.publish(0);
            closed.close();
            Garbage.awaitCollected(abandoned);
            assertThat(bus.awaitIdle(AT_ONCE)).isTrue();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachModeAndThread
    void onceTheBusIsClosedAllMustHaveEnded(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8)) {
            Receiver<Integer> rx = bus.subscribe();
            Receiver<Integer> other = bus.subscribe();
            assertThat(bus.awaitIdle(AT_ONCE)).isTrue();
            Task.run(kind, () -> rx.consume(event -> {}, missed -> {}));
            bus.close();
            assertThat(bus.awaitIdle(AT_ONCE)).as("one has not been told").isFalse();
            other.recv();
            assertThat(bus.awaitIdle(Task.PATIENCE)).isTrue();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachModeAndThread
    void anInterruptEndsTheWait(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publish(0);
            Task<Boolean> waiting =
                    Task.start(
                                    kind,
                                    () -> {
                                        assertThat(bus.awaitIdle(Task.PATIENCE)).isFalse();
                                        assertThat(bus.awaitReceivers(2, Task.PATIENCE)).isFalse();
                                        return Thread.interrupted();
                                    })
                            .untilParkedTimed();
            waiting.thread().interrupt();
            assertThat(waiting.result()).isTrue();
            assertThat(rx.depth()).isEqualTo(1);
        }
    }

    @EachMode
    void theTimeIsKept(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publish(0);
            long began = System.nanoTime();
            assertThat(bus.awaitIdle(Duration.ofMillis(20))).isFalse();
            assertThat(bus.awaitReceivers(2, Duration.ofMillis(20))).isFalse();
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(40_000_000L);
            assertThat(bus.awaitIdle(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
            assertThat(rx.depth()).isEqualTo(1);
        }
    }

    @EachModeAndThread
    void receiversAreWaitedForUntilSoManyAreThere(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> first = bus.subscribe()) {
            assertThat(bus.awaitReceivers(1, AT_ONCE)).isTrue();
            Task<Boolean> waiting =
                    Task.start(kind, () -> bus.awaitReceivers(2, Task.PATIENCE)).untilParkedTimed();
            try (Receiver<Integer> second = bus.subscribe()) {
                assertThat(waiting.result()).isTrue();
                assertThat(second.id()).isGreaterThan(first.id());
            }
        }
    }

    /** Those that come and go are not taken off those that stay. */
    @Test
    void receiversThatStayAreCountedWhileOthersComeAndGo() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 8);
                Receiver<Integer> one = bus.subscribe();
                Receiver<Integer> other = bus.subscribe()) {
            AtomicBoolean done = new AtomicBoolean();
            Task<Void> visitor =
                    Task.run(
                            ThreadKind.PLATFORM,
                            () -> {
                                while (!done.get()) {
                                    bus.subscribe().close();
                                }
                            });
            int tooFew = 0;
            int tooMany = 0;
            for (int i = 0; i < Effort.of(1_000_000, 10_000_000); i++) {
                tooFew += bus.awaitReceivers(2, AT_ONCE) ? 0 : 1;
                tooMany += bus.awaitReceivers(4, AT_ONCE) ? 1 : 0;
            }
            done.set(true);
            visitor.result();
            assertThat(List.of(tooFew, tooMany)).containsExactly(0, 0);
            assertThat(one.id()).isLessThan(other.id());
        }
    }

    @Test
    void aNegativeNumberOfReceiversIsRefused() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 8)) {
            assertThatThrownBy(() -> bus.awaitReceivers(-1, AT_ONCE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("awaitReceivers(-1): allowed are 0 and more");
        }
    }
}
