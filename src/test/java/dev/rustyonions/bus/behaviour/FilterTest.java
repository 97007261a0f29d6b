package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Filters, above all the one that refuses everything while publishers never let up. */
class FilterTest {

    /**
     * A receiver whose filter refuses everything and publishes one more event for each it refuses:
     * never dry, never lagging.
     *
     * @param atTheTenth run when the tenth event is refused
     */
    private static Receiver<Integer> insatiable(Bus<Integer> bus, Runnable atTheTenth) {
        AtomicInteger refused = new AtomicInteger();
        Receiver<Integer> rx =
                bus.subscribe(
                        o ->
                                o.filter(
                                        event -> {
                                            bus.publish(event + 1);
                                            if (refused.incrementAndGet() == 10) {
                                                atTheTenth.run();
                                            }
                                            return false;
                                        }));
        bus.publish(0);
        return rx;
    }

    @EachModeAndThread
    void recvRefusingEverythingNoticesInterruption(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = insatiable(bus, () -> Thread.currentThread().interrupt());
            Task<Boolean> task =
                    Task.start(
                            kind,
                            () -> {
                                assertThat(rx.recv())
                                        .isEqualTo(new Closed<Integer>(Reason.INTERRUPTED));
                                return Thread.interrupted();
                            });
            assertThat(task.result()).isTrue();
            assertThat(rx.filtered()).isEqualTo(10);
        }
    }

    @EachModeAndThread
    void recvTimeoutRefusingEverythingNoticesInterruption(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = insatiable(bus, () -> Thread.currentThread().interrupt());
            Task<Polled<Integer>> task =
                    Task.start(kind, () -> rx.recvTimeout(Duration.ofHours(1)));
            assertThat(task.result()).isEqualTo(new Closed<Integer>(Reason.INTERRUPTED));
        }
    }

    @EachModeAndThread
    void recvRefusingEverythingNoticesThatItsReceiverIsClosed(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            List<Receiver<Integer>> self = new ArrayList<>();
            self.add(insatiable(bus, () -> self.getFirst().close()));
            Task<Received<Integer>> task = Task.start(kind, self.getFirst()::recv);
            assertThat(task.result()).isEqualTo(new Closed<Integer>(Reason.RECEIVER_CLOSED));
        }
    }

    @EachModeAndThread
    void recvRefusingEverythingNoticesThatTheBusIsClosed(Mode mode, ThreadKind kind) {
        Bus<Integer> bus = Buses.open(mode, 4);
        Receiver<Integer> rx = insatiable(bus, bus::close);
        Task<Received<Integer>> task = Task.start(kind, rx::recv);
        assertThat(task.result()).isEqualTo(new Closed<Integer>(Reason.BUS_CLOSED));
    }

    @EachModeAndThread
    void recvTimeoutRefusingEverythingNoticesThatTheTimeIsUpAndNotBefore(
            Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = insatiable(bus, () -> {});
            Task<Long> task =
                    Task.start(
                            kind,
                            () -> {
                                long began = System.nanoTime();
                                assertThat(rx.recvTimeout(Duration.ofMillis(20)))
                                        .isEqualTo(new Empty<Integer>());
                                return System.nanoTime() - began;
                            });
            assertThat(task.result()).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @EachModeAndThread
    void receivesThatDoNotWaitReturnThoughEverythingIsRefusedWithoutEnd(
            Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = insatiable(bus, () -> {});
            Task<Void> task =
                    Task.run(
                            kind,
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    assertThat(rx.tryRecv()).isEqualTo(new Empty<Integer>());
                                    assertThat(rx.recvTimeout(Duration.ZERO))
                                            .isEqualTo(new Empty<Integer>());
                                    assertThat(rx.drain(9, received -> {})).isZero();
                                }
                            });
            task.result();
            assertThat(rx.filtered()).isGreaterThanOrEqualTo(300);
        }
    }

    @EachModeAndThread
    void receivesThatDoNotWaitReturnUnderFlatOutPublishers(Mode mode, ThreadKind kind) {
        for (int capacity : new int[] {2, 4096}) {
            AtomicBoolean stop = new AtomicBoolean();
            try (Bus<Integer> bus = Buses.open(mode, capacity);
                    Receiver<Integer> rx = bus.subscribe(o -> o.filter(event -> false))) {
                Task<Void> publisher =
                        Task.run(
                                ThreadKind.PLATFORM,
                                () -> {
                                    while (!stop.get()) {
                                        bus.publish(1);
                                    }
                                });
                Task<Void> receiving =
                        Task.run(
                                kind,
                                () -> {
                                    for (int i = 0; i < 2000; i++) {
                                        assertThat(rx.tryRecv()).isNotInstanceOf(Message.class);
                                        rx.drain(
                                                9,
                                                received ->
                                                        assertThat(received)
                                                                .isInstanceOf(Lagged.class));
                                    }
                                });
                receiving.result();
                stop.set(true);
                publisher.result();
            }
        }
    }

    @EachMode
    void lossIsCountedBeforeTheFilterAndRefusalsOnlyOfWhatWasThere(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(o -> o.filter(event -> event % 2 == 1))) {
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
            List<Received<Integer>> received = new ArrayList<>();
            assertThat(rx.drain(9, received::add)).isEqualTo(3);
            assertThat(received)
                    .containsExactly(new Lagged<>(0, 6), new Message<>(7, 7), new Message<>(9, 9));
            assertThat(rx.missed()).isEqualTo(6);
            assertThat(rx.filtered()).isEqualTo(2);
            assertThat(rx.delivered()).isEqualTo(2);
        }
    }

    @EachMode
    void theEndIsSeenBehindAFullWindowOfRefusedMessagesAndOneHeld(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        Receiver<Integer> rx = bus.subscribe(o -> o.filter(event -> false));
        Receiver<Integer> drained = bus.subscribe(o -> o.filter(event -> false));
        bus.publishMany(List.of(0, 1, 2));
        assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(0, 1));
        assertThat(drained.tryRecv()).isEqualTo(new Lagged<>(0, 1));
        bus.publish(3);
        bus.close();
        assertThat(rx.tryRecv()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
        List<Received<Integer>> received = new ArrayList<>();
        drained.drain(9, received::add);
        assertThat(received).containsExactly(new Closed<>(Reason.BUS_CLOSED));
    }

    @EachModeAndThread
    void aParkedReceiverWokenForARefusedMessageParksAgain(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 64);
                Receiver<Integer> rx = bus.subscribe(o -> o.filter(event -> event == 20))) {
            Task<Received<Integer>> task = Task.start(kind, rx::recv);
            for (int i = 0; i < 20; i++) {
                task.untilParked();
                bus.publish(i);
            }
            task.untilParked();
            bus.publish(20);
            assertThat(task.result()).isEqualTo(new Message<>(20, 20));
            assertThat(rx.filtered()).isEqualTo(20);
        }
    }
}
