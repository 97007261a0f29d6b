package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.Ledger;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Falling behind. */
class LagTest {
    private static final int CAPACITY = 8;

    @EachModeAndThread
    void aSlowReceiversLossIsExactAndShowsInStatsBeforeItReceivesAgain(Mode mode, ThreadKind kind) {
        int events = 10_000;
        int work = Effort.of(5, 50);
        Bus<Integer> bus = Buses.open(mode, CAPACITY);
        Receiver<Integer> rx = bus.subscribe();
        Ledger ledger = new Ledger(0);
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch published = new CountDownLatch(1);
        Task<Reason> slow =
                Task.start(
                        kind,
                        () -> {
                            while (true) {
                                Received<Integer> received = rx.recv();
                                ledger.enter(received);
                                if (received instanceof Closed<Integer> closed) {
                                    return closed.reason();
                                }
                                handling.countDown();
                                // The work, the first one longer. The loss is the same however
                                // long each takes.
                                published.await();
                                assertThat(new CountDownLatch(1).await(work, TimeUnit.MILLISECONDS))
                                        .isFalse();
                            }
                        });
        bus.publish(0);
        Latches.await(handling);
        for (int i = 1; i < events; i++) {
            bus.publish(i);
        }
        assertThat(bus.stats().missed()).isEqualTo(events - 1 - CAPACITY);
        assertThat(bus.stats().depth()).isEqualTo(CAPACITY);
        assertThat(rx.missed()).isZero();
        bus.close();
        published.countDown();

        assertThat(slow.result()).isEqualTo(Reason.BUS_CLOSED);
        assertThat(ledger.next()).isEqualTo(events);
        assertThat(ledger.missed()).isEqualTo(events - 1 - CAPACITY);
        assertThat(ledger.delivered()).isEqualTo(1 + CAPACITY);
        assertThat(rx.missed()).isEqualTo(ledger.missed());
        assertThat(bus.stats().missed()).isEqualTo(ledger.missed());
    }

    @EachMode
    void aLagResumesAtTheOldestRetained(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            assertThat(rx.recv()).isEqualTo(new Lagged<>(0, 2));
            for (int i = 2; i < 6; i++) {
                assertThat(rx.recv()).isEqualTo(new Message<>(i, i));
            }
        }
    }

    @EachMode
    void withLatestOnLagItResumesAtTheNewestAndWhatThatSkipsIsMissed(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe(o -> o.latestOnLag())) {
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            assertThat(bus.stats().missed()).isEqualTo(2);
            assertThat(rx.recv()).isEqualTo(new Lagged<>(0, 5));
            assertThat(bus.stats().missed()).isEqualTo(5);
            assertThat(rx.recv()).isEqualTo(new Message<>(5, 5));
            bus.publish(6);
            assertThat(rx.recv()).isEqualTo(new Message<>(6, 6));
        }
    }

    @EachMode
    void theMessageALagEndsAtIsGivenEvenIfItIsOverwrittenMeanwhile(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publishMany(List.of(0, 1, 2));
            assertThat(rx.recv()).isEqualTo(new Lagged<>(0, 1));
            assertThat(rx.depth()).isEqualTo(2);
            bus.publishMany(List.of(3, 4, 5));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, 1));
            assertThat(rx.recv()).isEqualTo(new Lagged<>(2, 2));
            assertThat(rx.recv()).isEqualTo(new Message<>(4, 4));
        }
    }

    @EachMode
    void aReceiverThatIsExactlyAWindowBehindHasMissedNothing(Mode mode) {
        for (int capacity : new int[] {2, 4, 1024}) {
            try (Bus<Integer> bus = Buses.open(mode, capacity);
                    Receiver<Integer> rx = bus.subscribe()) {
                for (int i = 0; i < capacity; i++) {
                    bus.publish(i);
                }
                assertThat(bus.stats().missed()).isZero();
                assertThat(rx.depth()).isEqualTo(capacity);
                assertThat(rx.tryRecv()).isEqualTo(new Message<>(0, 0));
            }
        }
    }

    @EachMode
    void whatWasPublishedBeforeTheSubscriptionIsToldToTheReceiverAndCountedNowhereElse(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            List<Lagged<?>> observed = new ArrayList<>();
            bus.observe(
                    new BusObserver() {
                        @Override
                        public void lagged(Optional<String> receiver, Lagged<?> lag) {
                            observed.add(lag);
                        }
                    });
            for (int i = 0; i < 100; i++) {
                bus.publish(i);
            }
            Receiver<Integer> early = bus.subscribe(o -> o.from(0).name("early"));
            Receiver<Integer> closed = bus.subscribe(o -> o.from(10));
            assertThat(bus.stats().missed()).isZero();
            assertThat(early.tryRecv()).isEqualTo(new Lagged<>(0, 96));
            assertThat(early.missed()).isEqualTo(96);
            closed.close();
            assertThat(bus.stats().missed()).isZero();
            assertThat(observed).isEmpty();

            // From here on it is slow: 96 is in its hand, 97 to 99 were there before it came.
            bus.publishMany(List.of(100, 101, 102, 103, 104, 105, 106));
            assertThat(bus.stats().missed()).isEqualTo(3);
            assertThat(bus.receivers().getFirst().missed()).isEqualTo(3);
            assertThat(early.tryRecv()).isEqualTo(new Message<>(96, 96));
            assertThat(early.tryRecv()).isEqualTo(new Lagged<>(97, 6));
            assertThat(early.missed()).isEqualTo(102);
            assertThat(bus.stats().missed()).isEqualTo(3);
            assertThat(observed).containsExactly(new Lagged<>(100, 3));
            early.close();
            assertThat(bus.stats().missed()).isEqualTo(3);
        }
    }

    @EachMode
    void whatAReceiverLostStaysInTheTotalWhenItIsClosedToldOrNot(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            Receiver<Integer> told = bus.subscribe();
            Receiver<Integer> untold = bus.subscribe();
            bus.publishMany(List.of(0, 1, 2, 3, 4));
            assertThat(told.recv()).isEqualTo(new Lagged<>(0, 3));
            // Not asked before they are gone: what has been reported once is never taken back.
            told.close();
            untold.close();
            assertThat(bus.stats().missed()).isEqualTo(6);
            bus.publish(5);
            assertThat(bus.stats().missed()).isEqualTo(6);
        }
    }
}
