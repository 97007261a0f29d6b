package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

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
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The end of a bus and the end of a receiver. */
class ClosingTest {
    private static final Closed<Integer> BUS_CLOSED = new Closed<>(Reason.BUS_CLOSED);
    private static final Closed<Integer> RECEIVER_CLOSED = new Closed<>(Reason.RECEIVER_CLOSED);

    // ---- the bus ----

    @EachMode
    void aFullWindowStillDrainsAfterClose(Mode mode) {
        for (int capacity : new int[] {2, 4, 64}) {
            for (int beyond = 0; beyond < capacity; beyond++) {
                Bus<Integer> bus = Buses.open(mode, capacity);
                Receiver<Integer> early = bus.subscribe(o -> o.from(0));
                int published = 2 * capacity + beyond;
                for (int i = 0; i < published; i++) {
                    bus.publish(i);
                }
                bus.close();

                List<Received<Integer>> due = new ArrayList<>();
                int windowStart = published - capacity;
                for (int i = windowStart; i < published; i++) {
                    due.add(new Message<>(i, i));
                }
                due.add(BUS_CLOSED);
                assertThat(drained(bus.subscribe(SubscribeOptions::oldest))).isEqualTo(due);
                due.addFirst(new Lagged<>(0, windowStart));
                assertThat(drained(early)).isEqualTo(due);
            }
        }
    }

    @EachMode
    void aBusClosedInItsFirstLapDrains(Mode mode) {
        for (int published = 0; published <= 4; published++) {
            Bus<Integer> bus = Buses.open(mode, 4);
            Receiver<Integer> rx = bus.subscribe();
            List<Received<Integer>> due = new ArrayList<>();
            for (int i = 0; i < published; i++) {
                bus.publish(i);
                due.add(new Message<>(i, i));
            }
            due.add(BUS_CLOSED);
            bus.close();
            assertThat(drained(rx)).isEqualTo(due);
            assertThat(drained(bus.subscribe(SubscribeOptions::oldest))).isEqualTo(due);
        }
    }

    private static List<Received<Integer>> drained(Receiver<Integer> rx) {
        List<Received<Integer>> received = new ArrayList<>();
        int counted = rx.drain(Integer.MAX_VALUE, received::add);
        assertThat(counted).isEqualTo(received.size() - 1);
        return received;
    }

    @EachMode
    void closedIsReceivedForEverByEveryReceive(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        Receiver<Integer> rx = bus.subscribe();
        bus.close();
        for (int again = 0; again < 3; again++) {
            assertThat(rx.recv()).isEqualTo(BUS_CLOSED);
            assertThat(rx.tryRecv()).isEqualTo(BUS_CLOSED);
            assertThat(rx.recvTimeout(Duration.ofHours(1))).isEqualTo(BUS_CLOSED);
            assertThat(drained(rx)).containsExactly(BUS_CLOSED);
            assertThat(rx.consume(event -> {}, missed -> {})).isEqualTo(Reason.BUS_CLOSED);
        }
        assertThat(BUS_CLOSED.isFinal()).isTrue();
    }

    @EachMode
    void whatIsPublishedAfterCloseReachesNobodyAndSaysSo(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        Receiver<Integer> rx = bus.subscribe();
        bus.publishMany(List.of(0, 1, 2));
        bus.close();
        for (int i = 0; i < 9; i++) {
            assertThat(bus.publish(99)).isZero();
            assertThat(bus.publishSequenced(99)).isEqualTo(-1);
            assertThat(bus.publishMany(List.of(99, 99, 99))).isZero();
            assertThat(bus.sender().publish(99)).isZero();
        }
        assertThat(bus.stats().published()).isEqualTo(3);
        assertThat(drained(rx))
                .containsExactly(
                        new Lagged<>(0, 1), new Message<>(1, 1), new Message<>(2, 2), BUS_CLOSED);
    }

    @EachMode
    void whatAReceiverPublishesInAnswerToTheCloseIsRefused(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 4);
        Receiver<Integer> rx = bus.subscribe();
        bus.publish(0);
        bus.close();
        List<Long> answers = new ArrayList<>();
        Reason reason = rx.consume(event -> answers.add(bus.publishSequenced(1)), missed -> {});
        assertThat(reason).isEqualTo(Reason.BUS_CLOSED);
        answers.add(bus.publishSequenced(2));
        assertThat(answers).containsExactly(-1L, -1L);
        assertThat(bus.publish(3)).isZero();
        assertThat(bus.stats().published()).isEqualTo(1);
    }

    @EachMode
    void closingTwiceIsClosingOnce(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        bus.publish(0);
        assertThat(bus.isClosed()).isFalse();
        bus.close();
        bus.close();
        assertThat(bus.isClosed()).isTrue();
        assertThat(drained(bus.subscribe(SubscribeOptions::oldest)))
                .containsExactly(new Message<>(0, 0), BUS_CLOSED);
    }

    @EachMode
    void aSubscriberFromNowOfAClosedBusFindsTheEndAtOnce(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        bus.publishMany(List.of(0, 1, 2));
        bus.close();
        assertThat(bus.subscribe().recv()).isEqualTo(BUS_CLOSED);
        assertThat(bus.subscribe(Integer.class).recv()).isEqualTo(BUS_CLOSED);
    }

    @EachModeAndThread
    void closeWakesEveryParkedReceiver(Mode mode, ThreadKind kind) {
        Bus<Integer> bus = Buses.open(mode, 2);
        List<Task<Polled<Integer>>> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Receiver<Integer> rx = bus.subscribe();
            waiting.add(
                    i % 2 == 0
                            ? Task.start(kind, rx::recv)
                            : Task.start(kind, () -> rx.recvTimeout(Duration.ofHours(1))));
        }
        for (int i = 0; i < 200; i++) {
            if (i % 2 == 0) {
                waiting.get(i).untilParked();
            } else {
                waiting.get(i).untilParkedTimed();
            }
        }
        bus.close();
        for (Task<Polled<Integer>> task : waiting) {
            assertThat(task.result()).isEqualTo(BUS_CLOSED);
        }
    }

    // ---- a receiver ----

    @EachModeAndThread
    void aParkedReceiverThatIsClosedByAnotherThreadReturns(Mode mode, ThreadKind kind) {
        for (int round = 0; round < 50; round++) {
            try (Bus<Integer> bus = Buses.open(mode, 4)) {
                Receiver<Integer> rx = bus.subscribe();
                Receiver<Integer> timed = bus.subscribe();
                Task<Received<Integer>> parked = Task.start(kind, rx::recv);
                Task<Polled<Integer>> parkedTimed =
                        Task.start(kind, () -> timed.recvTimeout(Duration.ofHours(1)));
                parked.untilParked();
                parkedTimed.untilParkedTimed();
                rx.close();
                timed.close();
                assertThat(parked.result()).isEqualTo(RECEIVER_CLOSED);
                assertThat(parkedTimed.result()).isEqualTo(RECEIVER_CLOSED);
                assertThat(bus.publish(7)).isZero();
            }
        }
    }

    @EachModeAndThread
    void aReceiverClosedWhileItIsAboutToParkReturns(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            for (int round = 0; round < 1000; round++) {
                Receiver<Integer> rx = bus.subscribe();
                Task<Received<Integer>> task = Task.start(kind, rx::recv);
                for (int spin = 0; spin < round % 97 * 10; spin++) {
                    Thread.onSpinWait();
                }
                rx.close();
                assertThat(task.result()).isEqualTo(RECEIVER_CLOSED);
            }
        }
    }

    @EachMode
    void aClosedReceiverIsGivenNothingMoreAndKeepsItsAccount(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe();
            bus.publishMany(List.of(0, 1, 2));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(0, 0));
            rx.close();
            rx.close();
            for (int again = 0; again < 2; again++) {
                assertThat(rx.recv()).isEqualTo(RECEIVER_CLOSED);
                assertThat(rx.tryRecv()).isEqualTo(RECEIVER_CLOSED);
                assertThat(rx.recvTimeout(Duration.ofHours(1))).isEqualTo(RECEIVER_CLOSED);
                assertThat(drained(rx)).containsExactly(RECEIVER_CLOSED);
            }
            assertThat(RECEIVER_CLOSED.isFinal()).isTrue();
            assertThat(rx.delivered()).isEqualTo(1);
            assertThat(rx.depth()).isZero();
            assertThat(bus.publish(3)).isZero();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachMode
    void aReceiverClosedWithAMessageHeldAfterALagIsNotGivenIt(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> rx = bus.subscribe();
            bus.publishMany(List.of(0, 1, 2));
            assertThat(rx.recv()).isEqualTo(new Lagged<>(0, 1));
            rx.close();
            assertThat(rx.recv()).isEqualTo(RECEIVER_CLOSED);
        }
    }

    @EachMode
    void aHandlerMayCloseItsOwnReceiver(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe();
            bus.publishMany(List.of(0, 1, 2));
            List<Integer> events = new ArrayList<>();
            Reason reason =
                    rx.consume(
                            event -> {
                                events.add(event);
                                if (event == 1) {
                                    rx.close();
                                }
                            },
                            missed -> {});
            assertThat(reason).isEqualTo(Reason.RECEIVER_CLOSED);
            assertThat(events).containsExactly(0, 1);
        }
    }

    @EachMode
    void closingOneReceiverChangesNothingForAnother(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> stays = bus.subscribe()) {
            Receiver<Integer> goes = bus.subscribe();
            bus.publish(0);
            goes.close();
            assertThat(bus.publish(1)).isEqualTo(1);
            assertThat(stays.recv()).isEqualTo(new Message<>(0, 0));
            assertThat(stays.recv()).isEqualTo(new Message<>(1, 1));
            assertThat(stays.tryRecv()).isEqualTo(new Empty<Integer>());
        }
    }

    @EachMode
    void stateIsReadableAfterClose(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        Receiver<Integer> rx = bus.subscribe();
        bus.publish(0);
        bus.close();
        rx.close();
        assertThatCode(
                        () -> {
                            assertThat(bus.stats().closed()).isTrue();
                            assertThat(bus.stats().published()).isEqualTo(1);
                            assertThat(bus.capacity()).isEqualTo(2);
                            assertThat(bus.mode()).isEqualTo(mode);
                            assertThat(bus.toString()).contains("capacity=2");
                            assertThat(rx.name()).isEmpty();
                        })
                .doesNotThrowAnyException();
    }
}
