package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.LibraryLog;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;

/** Receivers that must not lose, and publishers that wait for them. */
@SuppressWarnings("try") // what is closed here is closed again at the end of its block
class LosslessTest {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration SOME_TIME = Duration.ofMillis(20);

    private static Received<Integer> message(long sequence, int event) {
        return new Message<>(sequence, event);
    }

    /** Fills the window and has one more event wait for the receiver. */
    private static Task<Long> held(Bus<Integer> bus, ThreadKind kind) {
        for (int i = 0; i < bus.capacity(); i++) {
            assertThat(bus.offer(i, NO_TIME)).isEqualTo(i);
        }
        return Task.start(kind, () -> bus.submit(bus.capacity())).untilParkedTimed();
    }

    @EachMode
    void aPublisherThatWaitsOverwritesNothingThatALosslessReceiverHasNotTaken(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            for (int i = 0; i < 4; i++) {
                assertThat(bus.submit(i)).isEqualTo(i);
            }
            assertThat(bus.offer(4, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
            assertThat(rx.tryRecv()).isEqualTo(message(0, 0));
            assertThat(bus.offer(4, NO_TIME)).isEqualTo(4);
            assertThat(bus.offer(5, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
            List<Received<Integer>> rest = new ArrayList<>();
            rx.drain(9, rest::add);
            assertThat(rest).isEqualTo(IntStream.range(1, 5).mapToObj(i -> message(i, i)).toList());
            assertThat(rx.missed()).isZero();
        }
    }

    @EachModeAndThread
    void aPublisherThatWaitsGoesOnWhenTheReceiverHasTakenTheMessage(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Long> publisher = held(bus, kind);
            assertThat(bus.stats().publishersWaiting()).isEqualTo(1);
            assertThat(rx.recv()).isEqualTo(message(0, 0));
            assertThat(publisher.result()).isEqualTo(2);
            assertThat(bus.stats().publishersWaiting()).isZero();
            assertThat(bus.stats().publisherWaits()).isEqualTo(1);
        }
    }

    @EachMode
    void receiversThatAreNotLosslessAreNotWaitedFor(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> lossless = bus.subscribe(SubscribeOptions::lossless);
                Receiver<Integer> lossy = bus.subscribe()) {
            for (int i = 0; i < 10; i++) {
                assertThat(bus.offer(i, NO_TIME)).isEqualTo(i);
                assertThat(lossless.tryRecv()).isEqualTo(message(i, i));
            }
            assertThat(lossy.tryRecv()).isEqualTo(new Lagged<>(0, 8));
        }
    }

    @EachMode
    void whatAPublisherThatDoesNotWaitOverwritesIsToldToALosslessReceiverToo(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            for (int i = 0; i < 5; i++) {
                bus.publish(i);
            }
            assertThat(bus.offer(5, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
            assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(0, 3));
            assertThat(rx.tryRecv()).isEqualTo(message(3, 3));
            assertThat(bus.offer(5, NO_TIME)).isEqualTo(5);
        }
    }

    @EachModeAndThread
    void offerWaitsForTheTimeGivenAndNoLess(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            Task<Long> took =
                    Task.start(
                            kind,
                            () -> {
                                long began = System.nanoTime();
                                assertThat(bus.offer(2, SOME_TIME)).isEqualTo(Sender.TIMED_OUT);
                                return System.nanoTime() - began;
                            });
            assertThat(took.result()).isGreaterThanOrEqualTo(SOME_TIME.toNanos());
            assertThat(bus.offer(2, Duration.ofSeconds(Long.MIN_VALUE)))
                    .isEqualTo(Sender.TIMED_OUT);
            assertThat(rx.depth()).isEqualTo(2);
        }
    }

    @EachModeAndThread
    void anOfferWithATimeTooLongForNanosecondsWaits(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            Task<Long> publisher =
                    Task.start(kind, () -> bus.offer(2, Duration.ofSeconds(Long.MAX_VALUE)))
                            .untilParkedTimed();
            rx.recv();
            assertThat(publisher.result()).isEqualTo(2);
        }
    }

    @EachModeAndThread
    void anInterruptEndsTheWaitAndNothingHasBeenPublished(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            Task<Boolean> publisher =
                    Task.start(
                                    kind,
                                    () -> {
                                        assertThat(bus.submit(2)).isEqualTo(Sender.INTERRUPTED);
                                        assertThat(bus.submit(2)).isEqualTo(Sender.INTERRUPTED);
                                        rx.recv();
                                        return Thread.interrupted();
                                    })
                            .untilParkedTimed();
            publisher.thread().interrupt();
            assertThat(publisher.result()).isTrue();
            assertThat(bus.stats().published()).isEqualTo(2);
        }
    }

    @EachMode
    void anInterruptedThreadThatFindsRoomPublishes(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Thread.currentThread().interrupt();
            assertThat(bus.submit(7)).isZero();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(rx.recv()).isEqualTo(message(0, 7));
        }
    }

    @EachModeAndThread
    void theCloseOfTheBusEndsTheWaitAndEvictsNothing(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Long> first = held(bus, kind);
            Task<Long> second = Task.start(kind, () -> bus.submit(3)).untilParkedTimed();
            bus.close();
            assertThat(first.result()).isEqualTo(Sender.CLOSED);
            assertThat(second.result()).isEqualTo(Sender.CLOSED);
            assertThat(bus.submit(4)).isEqualTo(Sender.CLOSED);
            List<Received<Integer>> left = new ArrayList<>();
            rx.drain(9, left::add);
            assertThat(left)
                    .containsExactly(message(0, 0), message(1, 1), new Closed<>(Reason.BUS_CLOSED));
        }
    }

    @EachModeAndThread
    void theCloseOfTheReceiverInTheWayMakesRoom(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless);
            Task<Long> publisher = held(bus, kind);
            rx.close();
            assertThat(publisher.result()).isEqualTo(2);
        }
    }

    @EachModeAndThread
    void theEvictionOfTheReceiverInTheWayMakesRoom(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> stuck = bus.subscribe(o -> o.name("stuck").lossless());
            Receiver<Integer> prompt = bus.subscribe(SubscribeOptions::lossless);
            Task<Long> publisher = held(bus, kind);
            prompt.drain(2, received -> {});
            ReceiverStats first = bus.receivers().getFirst();
            assertThat(first.name()).contains("stuck");
            assertThat(bus.evict(first.id())).isTrue();
            assertThat(publisher.result()).isEqualTo(2);
            assertThat(stuck.tryRecv()).isEqualTo(new Closed<Integer>(Reason.EVICTED));
            assertThat(bus.evict(first.id())).isFalse();
            assertThat(prompt.tryRecv()).isEqualTo(message(2, 2));
        }
    }

    @EachModeAndThread
    void anAbandonedReceiverInTheWayIsNoticedByThePublisherThatWaits(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            var abandoned = new WeakReference<>(bus.subscribe(SubscribeOptions::lossless));
            Task<Long> publisher = held(bus, kind);
            Garbage.awaitCollected(abandoned);
            assertThat(publisher.result()).isEqualTo(2);
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachModeAndThread
    void aFilterThatRefusesEverythingHoldsNobodyUp(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> rx = bus.subscribe(o -> o.lossless().filter(event -> false));
            Task<Reason> receiver = Task.start(kind, () -> rx.consume(event -> {}, missed -> {}));
            for (int i = 0; i < 1000; i++) {
                assertThat(bus.submit(i)).isEqualTo(i);
            }
            bus.close();
            assertThat(receiver.result()).isEqualTo(Reason.BUS_CLOSED);
            assertThat(rx.filtered()).isEqualTo(1000);
        }
    }

    @EachModeAndThread
    void allThatIsSubmittedReachesEachLosslessReceiverThoughTheWindowIsSmall(
            Mode mode, ThreadKind kind) {
        int events = 2_000;
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            List<Task<Long>> receivers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless);
                receivers.add(
                        Task.start(
                                kind,
                                () -> {
                                    rx.consume(event -> {}, missed -> {});
                                    assertThat(rx.missed()).isZero();
                                    return rx.delivered();
                                }));
            }
            List<Task<Void>> publishers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                publishers.add(
                        Task.run(
                                kind,
                                () -> {
                                    for (int event = 0; event < events; event++) {
                                        assertThat(bus.submit(event)).isNotNegative();
                                    }
                                }));
            }
            publishers.forEach(Task::result);
            bus.close();
            assertThat(receivers)
                    .extracting(Task::result)
                    .containsOnly((long) events * publishers.size());
        }
    }

    // ---- lists and batches ----

    @EachModeAndThread
    void aListLargerThanTheWindowIsSubmittedWhileReceiversReadIt(Mode mode, ThreadKind kind) {
        List<Integer> events = IntStream.range(0, 100).boxed().toList();
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            List<Integer> given = new ArrayList<>();
            Task<Reason> receiver = Task.start(kind, () -> rx.consume(given::add, missed -> {}));
            assertThat(bus.submitMany(events)).isEqualTo(100);
            bus.close();
            receiver.result();
            assertThat(given).isEqualTo(events);
        }
    }

    @EachModeAndThread
    void anInterruptCutsAListShortAndSaysHowMuchWasAccepted(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Integer> publisher =
                    Task.start(kind, () -> bus.submitMany(List.of(0, 1, 2, 3, 4, 5)))
                            .untilParkedTimed();
            publisher.thread().interrupt();
            assertThat(publisher.result()).isEqualTo(4);
            assertThat(rx.depth()).isEqualTo(4);
        }
    }

    @EachModeAndThread
    void aWaitingBatchLosesNothingWhenItFlushesItself(Mode mode, ThreadKind kind) {
        int events = 1000;
        try (Bus<Integer> bus = Buses.builder(mode, 4).flushThreshold(8).build();
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Reason> receiver = Task.start(kind, () -> rx.consume(e -> {}, missed -> {}));
            try (Batch<Integer> batch = bus.sender().waitingBatch()) {
                for (int i = 0; i < events; i++) {
                    assertThat(batch.add(i)).isTrue();
                }
            }
            bus.close();
            receiver.result();
            assertThat(rx.delivered()).isEqualTo(events);
            assertThat(rx.missed()).isZero();
        }
    }

    @EachModeAndThread
    void anInterruptedWaitingBatchKeepsWhatItCouldNotPublish(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.builder(mode, 2).flushThreshold(3).build();
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Batch<Integer> batch = bus.waitingBatch();
            Task<Void> publisher =
                    Task.run(
                                    kind,
                                    () -> {
                                        batch.add(0);
                                        batch.add(1);
                                        assertThat(batch.add(2)).as("kept").isTrue();
                                        assertThat(batch.pending()).isEqualTo(1);
                                        assertThat(batch.add(3)).as("no place").isFalse();
                                        assertThat(batch.flush()).isZero();
                                    })
                            .untilParkedTimed();
            publisher.thread().interrupt();
            publisher.result();
            rx.drain(2, received -> {});
            assertThat(batch.flush()).isEqualTo(1);
            assertThat(batch.accepted()).isEqualTo(3);
            assertThat(rx.tryRecv()).isEqualTo(message(2, 2));
            batch.close();
        }
    }

    // ---- starts ----

    @EachMode
    void aLosslessReceiverThatStartsWithTheOldestIsOwedAllOfTheWindow(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            try (Receiver<Integer> rx = bus.subscribe(o -> o.oldest().lossless())) {
                assertThat(bus.offer(6, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
                assertThat(rx.tryRecv()).isEqualTo(message(2, 2));
                assertThat(bus.offer(6, NO_TIME)).isEqualTo(6);
            }
        }
    }

    @EachMode
    void aLosslessReceiverThatStartsBelowTheWindowIsToldWhatIsGoneAndOwedTheRest(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            try (Receiver<Integer> rx = bus.subscribe(o -> o.from(1).lossless())) {
                assertThat(bus.offer(6, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
                assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(1, 1));
                assertThat(bus.offer(6, NO_TIME)).as("2 is in hand").isEqualTo(6);
                assertThat(bus.offer(7, NO_TIME)).isEqualTo(Sender.TIMED_OUT);
                assertThat(rx.tryRecv()).isEqualTo(message(2, 2));
                assertThat(rx.tryRecv()).isEqualTo(message(3, 3));
            }
        }
    }

    @Test
    void aStartThatIsRefusedHoldsNobodyUp() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.from(1).lossless()))
                    .isInstanceOf(IllegalArgumentException.class);
            for (int i = 0; i < 5; i++) {
                assertThat(bus.offer(i, NO_TIME)).isEqualTo(i);
            }
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    // ---- what is refused ----

    @Test
    void losslessAndLatestOnLagExcludeEachOther() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.lossless().latestOnLag()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lossless() and latestOnLag() exclude each other");
            assertThatThrownBy(() -> bus.subscribe(o -> o.latestOnLag().lossless()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aPatienceOfNoTimeIsRefused() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.lossless(Duration.ofMillis(-3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lossless(PT-0.003S): the patience must be more than zero");
        }
    }

    @EachModeAndThread
    void aHandlerThatWouldWaitForItselfIsRefused(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> rx = bus.subscribe(o -> o.name("self").lossless());
            Task<Void> consumer =
                    Task.run(
                            kind,
                            () ->
                                    assertThatThrownBy(
                                                    () ->
                                                            rx.consume(
                                                                    event -> {
                                                                        bus.submit(1);
                                                                        bus.submit(2);
                                                                        bus.submit(3);
                                                                    },
                                                                    missed -> {}))
                                            .isInstanceOf(IllegalStateException.class)
                                            .hasMessageContaining("would wait for itself")
                                            .hasMessageContaining("[self]"));
            bus.publish(0);
            consumer.result();
            assertThat(bus.stats().published()).isEqualTo(3);
            assertThat(bus.stats().publishersWaiting()).isZero();
        }
    }

    @EachModeAndThread
    void aLoopOfOnesOwnThatWouldWaitForItselfIsRefusedAfterAWhile(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Void> loop =
                    Task.run(
                            kind,
                            () -> {
                                bus.submit(0);
                                rx.recv();
                                bus.submit(1);
                                bus.submit(2);
                                assertThatThrownBy(() -> bus.submit(3))
                                        .isInstanceOf(IllegalStateException.class)
                                        .hasMessageContaining("would wait for itself");
                            });
            loop.result();
        }
    }

    /** After a second both are so: it would wait for itself, and the time is up. */
    @ParameterizedTest
    @EnumSource
    void anOfferWhoseTimeIsUpIsNotRefusedForWaitingForItself(ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            Task<Long> loop =
                    Task.start(
                            kind,
                            () -> {
                                bus.publish(0);
                                rx.tryRecv();
                                bus.publishMany(List.of(1, 2));
                                return bus.offer(3, Duration.ofSeconds(1));
                            });
            assertThat(loop.result()).isEqualTo(Sender.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatIsInterruptedIsNotRefusedForWaitingForItself(ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            List<Long> submitted = new ArrayList<>();
            Task<Integer> handler =
                    Task.start(
                            kind,
                            () ->
                                    rx.drain(
                                            1,
                                            event -> {
                                                Thread.currentThread().interrupt();
                                                submitted.add(bus.submit(2));
                                                submitted.add(bus.submit(3));
                                            }));
            assertThat(handler.result()).isEqualTo(1);
            assertThat(submitted).containsExactly(2L, Sender.INTERRUPTED);
        }
    }

    @EachModeAndThread
    void aHandlerMaySubmitWhereAnotherReceiverIsInTheWay(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> slow = bus.subscribe(SubscribeOptions::lossless);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            rx.tryRecv();
            Task<Void> handler =
                    Task.run(
                                    kind,
                                    () ->
                                            rx.drain(
                                                    1,
                                                    received ->
                                                            assertThat(bus.submit(2)).isEqualTo(2)))
                            .untilParkedTimed();
            slow.tryRecv();
            handler.result();
        }
    }

    // ---- patience ----

    @EachModeAndThread
    void aReceiverThatUsesUpItsPatienceBecomesLossyAndEverybodyHearsOfIt(
            Mode mode, ThreadKind kind) {
        LibraryLog log = LibraryLog.open();
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            List<String> told = new ArrayList<>();
            bus.observe(
                    new BusObserver() {
                        @Override
                        public void patienceOver(Optional<String> receiver, long nanos) {
                            told.add(receiver.orElse("-"));
                            assertThat(nanos).isGreaterThan(SOME_TIME.toNanos());
                        }

                        @Override
                        public void waited(Optional<String> receiver, long nanos) {
                            told.add("waited for " + receiver.orElse("-"));
                        }
                    });
            Receiver<Integer> stuck = bus.subscribe(o -> o.name("stuck").lossless(SOME_TIME));
            assertThat(bus.receivers().getFirst().lossless()).isTrue();
            bus.publishMany(List.of(0, 1));
            assertThat(Task.start(kind, () -> bus.submit(2)).result()).isEqualTo(2);
            assertThat(bus.receivers().getFirst().lossless()).isFalse();
            assertThat(bus.submit(3)).isEqualTo(3);
            assertThat(stuck.tryRecv()).isEqualTo(new Lagged<>(0, 2));
            assertThat(stuck.tryRecv()).isEqualTo(message(2, 2));
            assertThat(told).containsExactly("stuck", "waited for stuck");
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .asString()
                    .contains("receiver stuck", "longer than its patience");
        } finally {
            log.close();
        }
    }

    @Test
    void manyShortWaitsUseUpAPatienceAsALongOneDoes() throws Exception {
        Duration each = Duration.ofNanos(500_000); // less than the time after which one looks
        Duration patience = each.multipliedBy(40);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2);
                Receiver<Integer> stuck = bus.subscribe(o -> o.lossless(patience))) {
            bus.publishMany(List.of(0, 1));
            int offers = 1;
            while (bus.offer(2, each) < 0 && offers < 400) {
                offers++;
            }
            assertThat(offers).isBetween(2, 60);
            assertThat(stuck.tryRecv()).isEqualTo(new Lagged<>(0, 1));
        }
    }

    @Test
    void aReceiverThatMovesKeepsItsPatience() {
        Duration patience = Duration.ofSeconds(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2);
                Receiver<Integer> slow = bus.subscribe(o -> o.lossless(patience))) {
            Task<Void> publisher =
                    Task.run(
                            ThreadKind.VIRTUAL,
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    assertThat(bus.submit(i)).isEqualTo(i);
                                }
                            });
            // Longer than the patience in all, a fifth of it at each message.
            for (int i = 0; i < 8; i++) {
                publisher.untilParkedTimed();
                long began = System.nanoTime();
                while (System.nanoTime() - began < patience.toNanos() / 5) {
                    Thread.onSpinWait();
                }
                assertThat(slow.recv()).isEqualTo(message(i, i));
            }
            publisher.result();
            assertThat(bus.receivers().getFirst().lossless()).isTrue();
            assertThat(slow.missed()).isZero();
        }
    }
}
