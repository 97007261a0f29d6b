package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Interruption is an outcome, noticed on entry and while parked, and ends nothing for good. */
class InterruptionTest {
    private static final Closed<Integer> INTERRUPTED = new Closed<>(Reason.INTERRUPTED);

    /**
     * What an interrupted receive gave, whether the status was kept, and what the next receive
     * gave.
     */
    private record Outcome(Polled<Integer> given, boolean statusKept, Polled<Integer> afterwards) {
        static Outcome of(Callable<Polled<Integer>> receive, Callable<Polled<Integer>> next)
                throws Exception {
            Polled<Integer> given = receive.call();
            boolean kept = Thread.interrupted();
            return new Outcome(given, kept, next.call());
        }
    }

    @EachModeAndThread
    void aParkedRecvReturnsClosedWithTheStatusKeptAndIsUsableOnceItIsCleared(
            Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Outcome> task = Task.start(kind, () -> Outcome.of(rx::recv, rx::recv));
            task.untilParked().thread().interrupt();
            bus.publish(untilCleared(task));
            assertThat(task.result())
                    .isEqualTo(new Outcome(INTERRUPTED, true, new Message<>(0, 7)));
            assertThat(INTERRUPTED.isFinal()).isFalse();
        }
    }

    /** The event to publish once the interruption has been reported and the thread waits again. */
    private static int untilCleared(Task<?> task) {
        await().atMost(Task.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !task.thread().isInterrupted());
        task.untilParked();
        return 7;
    }

    @EachModeAndThread
    void aParkedTimedRecvReturnsClosedWithTheStatusKept(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Outcome> task =
                    Task.start(
                            kind,
                            () ->
                                    Outcome.of(
                                            () -> rx.recvTimeout(Duration.ofHours(1)),
                                            () -> {
                                                bus.publish(7);
                                                return rx.recvTimeout(Duration.ofHours(1));
                                            }));
            task.untilParkedTimed().thread().interrupt();
            assertThat(task.result())
                    .isEqualTo(new Outcome(INTERRUPTED, true, new Message<>(0, 7)));
        }
    }

    @EachModeAndThread
    void anInterruptedThreadIsToldOnEntryEvenIfAMessageIsThere(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publish(7);
            Task<List<Outcome>> task =
                    Task.start(
                            kind,
                            () -> {
                                List<Outcome> outcomes = new ArrayList<>();
                                Thread.currentThread().interrupt();
                                outcomes.add(
                                        Outcome.of(
                                                () -> rx.recvTimeout(Duration.ofHours(1)),
                                                () -> INTERRUPTED));
                                Thread.currentThread().interrupt();
                                outcomes.add(Outcome.of(rx::recv, rx::recv));
                                return outcomes;
                            });
            assertThat(task.result())
                    .containsExactly(
                            new Outcome(INTERRUPTED, true, INTERRUPTED),
                            new Outcome(INTERRUPTED, true, new Message<>(0, 7)));
            assertThat(rx.delivered()).isEqualTo(1);
        }
    }

    @EachModeAndThread
    void receivesThatDoNotWaitIgnoreInterruption(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publishMany(List.of(0, 1, 2));
            Task<List<Polled<Integer>>> task =
                    Task.start(
                            kind,
                            () -> {
                                Thread.currentThread().interrupt();
                                List<Polled<Integer>> given = new ArrayList<>();
                                given.add(rx.tryRecv());
                                given.add(rx.recvTimeout(Duration.ZERO));
                                rx.drain(9, given::add);
                                assertThat(Thread.interrupted()).isTrue();
                                return given;
                            });
            assertThat(task.result())
                    .containsExactly(new Message<>(0, 0), new Message<>(1, 1), new Message<>(2, 2));
        }
    }

    @EachModeAndThread
    void anInterruptedReceiverChangesNothingForTheOthers(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> below = bus.subscribe();
                Receiver<Integer> rx = bus.subscribe();
                Receiver<Integer> above = bus.subscribe()) {
            Task<Polled<Integer>> first =
                    Task.<Polled<Integer>>start(kind, below::recv).untilParked();
            Task<Polled<Integer>> interrupted =
                    Task.<Polled<Integer>>start(kind, rx::recv).untilParked();
            Task<Polled<Integer>> last =
                    Task.<Polled<Integer>>start(kind, above::recv).untilParked();
            interrupted.thread().interrupt();
            assertThat(interrupted.result()).isEqualTo(INTERRUPTED);
            bus.publish(7);
            assertThat(first.result()).isEqualTo(new Message<>(0, 7));
            assertThat(last.result()).isEqualTo(new Message<>(0, 7));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(0, 7));
        }
    }

    @EachModeAndThread
    void consumeReturnsInterruptedAndGoesOnWhenCalledAgain(Mode mode, ThreadKind kind) {
        Bus<Integer> bus = Buses.open(mode, 4);
        Receiver<Integer> rx = bus.subscribe();
        List<Integer> events = new ArrayList<>();
        Task<Reason> first =
                Task.start(kind, () -> rx.consume(events::add, missed -> {})).untilParked();
        first.thread().interrupt();
        assertThat(first.result()).isEqualTo(Reason.INTERRUPTED);
        bus.publish(7);
        bus.close();
        assertThat(rx.consume(events::add, missed -> {})).isEqualTo(Reason.BUS_CLOSED);
        assertThat(events).containsExactly(7);
    }
}
