package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waiting for a limited time. */
class TimeoutTest {
    private static final List<Duration> NO_TIME =
            List.of(
                    Duration.ZERO,
                    Duration.ofNanos(-1),
                    Duration.ofSeconds(Long.MIN_VALUE),
                    Duration.ofSeconds(-1, 999_999_999));

    private static final List<Duration> FOR_EVER =
            List.of(
                    Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                    Duration.ofNanos(Long.MAX_VALUE),
                    Duration.ofNanos(Long.MAX_VALUE).plusNanos(1),
                    Duration.ofDays(365L * 1000));

    @EachModeAndThread
    void emptyIsNeverReturnedBeforeTheTimeIsUp(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Void> task =
                    Task.run(
                            kind,
                            () -> {
                                for (int micros = 1; micros < 20_000; micros += micros / 2 + 1) {
                                    long began = System.nanoTime();
                                    Polled<Integer> given =
                                            rx.recvTimeout(Duration.ofNanos(micros * 1000L));
                                    long took = System.nanoTime() - began;
                                    assertThat(given).isEqualTo(new Empty<Integer>());
                                    assertThat(took).isGreaterThanOrEqualTo(micros * 1000L);
                                }
                            });
            task.result();
        }
    }

    @EachModeAndThread
    void aTimeoutIsNotCutShortByUnparksThatBringNothing(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Long> task =
                    Task.start(
                            kind,
                            () -> {
                                long began = System.nanoTime();
                                assertThat(rx.recvTimeout(Duration.ofMillis(50)))
                                        .isEqualTo(new Empty<Integer>());
                                return System.nanoTime() - began;
                            });
            while (!task.isDone()) {
                LockSupport.unpark(task.thread());
                Thread.onSpinWait();
            }
            assertThat(task.result()).isGreaterThanOrEqualTo(50_000_000);
        }
    }

    @EachModeAndThread
    void durationsTooLongSaturateAndTheMessageComesThrough(Mode mode, ThreadKind kind) {
        for (Duration timeout : FOR_EVER) {
            try (Bus<Integer> bus = Buses.open(mode, 4);
                    Receiver<Integer> rx = bus.subscribe()) {
                Task<Polled<Integer>> task = Task.start(kind, () -> rx.recvTimeout(timeout));
                task.untilParkedTimed();
                bus.publish(7);
                assertThat(task.result()).isEqualTo(new Message<>(0, 7));
            }
        }
    }

    @EnumSource
    @ParameterizedTest
    void aLingerDoesNotExceedTheTimeGiven(ThreadKind kind) {
        // Twenty of them would take twenty seconds if it did.
        try (Bus<Integer> bus = Buses.builder(Mode.EDGE, 4).linger(Duration.ofSeconds(1)).build();
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Long> task =
                    Task.start(
                            kind,
                            () -> {
                                long began = System.nanoTime();
                                for (int i = 0; i < 20; i++) {
                                    assertThat(rx.recvTimeout(Duration.ofMillis(1)))
                                            .isEqualTo(new Empty<Integer>());
                                }
                                return System.nanoTime() - began;
                            });
            assertThat(task.result()).isLessThan(10_000_000_000L);
        }
    }

    @EachMode
    void zeroAndNegativeTimesTakeWhatIsThereAndDoNotWait(Mode mode) {
        for (Duration timeout : NO_TIME) {
            Bus<Integer> bus = Buses.open(mode, 4);
            Receiver<Integer> rx = bus.subscribe();
            assertThat(rx.recvTimeout(timeout)).isEqualTo(new Empty<Integer>());
            bus.publish(7);
            assertThat(rx.recvTimeout(timeout)).isEqualTo(new Message<>(0, 7));
            bus.close();
            assertThat(rx.recvTimeout(timeout)).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
        }
    }

    @EachMode
    void aMessageThatIsThereIsReturnedWithoutWaiting(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publish(7);
            assertThat(rx.recvTimeout(Duration.ofNanos(1))).isEqualTo(new Message<>(0, 7));
        }
    }

    @EachModeAndThread
    void aMessageAfterATimeoutIsNotLost(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe();
                Receiver<Integer> other = bus.subscribe()) {
            Task<Polled<Integer>> parked = Task.start(kind, () -> (Polled<Integer>) other.recv());
            parked.untilParked();
            Task<Polled<Integer>> task =
                    Task.start(
                            kind,
                            () -> {
                                for (int i = 0; i < 50; i++) {
                                    assertThat(rx.recvTimeout(Duration.ofNanos(10_000)))
                                            .isEqualTo(new Empty<Integer>());
                                }
                                return rx.recv();
                            });
            task.untilParked();
            bus.publish(7);
            assertThat(task.result()).isEqualTo(new Message<>(0, 7));
            assertThat(parked.result()).isEqualTo(new Message<>(0, 7));
        }
    }

    @EachMode
    void aNullTimeoutIsRefused(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            assertThatThrownBy(() -> rx.recvTimeout(null)).isInstanceOf(NullPointerException.class);
        }
    }
}
