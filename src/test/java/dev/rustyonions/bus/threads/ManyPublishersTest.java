package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Ledger;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Many publishers, receivers of both kinds of thread and every way to receive, windows small and
 * large.
 */
class ManyPublishersTest {
    private static final int PUBLISHERS = 4;
    private static final int PER_PUBLISHER = 6_000;
    private static final int TOTAL = PUBLISHERS * PER_PUBLISHER;

    /** The n-th event of a publisher. */
    private record Stamped(int publisher, int number) {}

    @EachMode
    void everyAccountBalancesAndAllSeeOneOrderThatKeepsEachPublishersOwn(Mode mode) {
        for (int capacity : new int[] {2, 4, 1024}) {
            new Run(mode, capacity).check();
        }
    }

    private static final class Run {
        private final Bus<Stamped> bus;

        /**
         * The event at each sequence, entered by its publisher or by the first receiver to see it.
         */
        private final AtomicReferenceArray<Stamped> order = new AtomicReferenceArray<>(TOTAL);

        private final List<Receiver<Stamped>> receivers = new ArrayList<>();
        private final List<Task<Ledger>> receiving = new ArrayList<>();

        Run(Mode mode, int capacity) {
            bus = Buses.builder(mode, capacity).flushThreshold(32).build();
        }

        void check() {
            for (ThreadKind kind : ThreadKind.values()) {
                for (int way = 0; way < 4; way++) {
                    receive(kind, way);
                }
            }
            List<Task<Long>> publishing = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                int publisher = p;
                ThreadKind kind = ThreadKind.values()[p % 2];
                publishing.add(Task.start(kind, () -> publish(publisher)));
            }
            long accepted = publishing.stream().mapToLong(Task::result).sum();
            bus.close();

            long missed = 0;
            for (int i = 0; i < receivers.size(); i++) {
                Ledger ledger = receiving.get(i).result();
                Receiver<Stamped> receiver = receivers.get(i);
                assertThat(ledger.next()).isEqualTo(accepted);
                assertThat(ledger.delivered() + ledger.missed()).isEqualTo(accepted);
                assertThat(receiver.delivered()).isEqualTo(ledger.delivered());
                assertThat(receiver.missed()).isEqualTo(ledger.missed());
                assertThat(receiver.depth()).isZero();
                missed += ledger.missed();
            }
            assertThat(accepted).isEqualTo(TOTAL);
            assertThat(bus.stats().published()).isEqualTo(accepted);
            assertThat(bus.stats().missed()).isEqualTo(missed);
            assertOrderKeepsEachPublishersOwn();
        }

        private void assertOrderKeepsEachPublishersOwn() {
            int[] next = new int[PUBLISHERS];
            for (int sequence = 0; sequence < TOTAL; sequence++) {
                Stamped event = order.get(sequence);
                if (event != null) {
                    assertThat(event.number()).isGreaterThanOrEqualTo(next[event.publisher()]);
                    next[event.publisher()] = event.number() + 1;
                }
            }
        }

        // ---- publishers ----

        /** Publishes in every way there is, and counts what was accepted. */
        private long publish(int publisher) {
            long accepted = 0;
            int number = 0;
            try (Batch<Stamped> batch = bus.batch()) {
                while (number < PER_PUBLISHER) {
                    Stamped event = new Stamped(publisher, number);
                    switch (number / 100 % 4) {
                        case 0 -> {
                            long sequence = bus.publishSequenced(event);
                            place(sequence, event);
                            accepted++;
                            number++;
                        }
                        case 1 -> {
                            assertThat(bus.publish(event)).isEqualTo(receivers.size());
                            accepted++;
                            number++;
                        }
                        case 2 -> {
                            List<Stamped> events = new ArrayList<>();
                            for (int i = 0; i < 10; i++) {
                                events.add(new Stamped(publisher, number++));
                            }
                            accepted += bus.publishMany(events);
                        }
                        default -> {
                            batch.add(event);
                            number++;
                            if (number % 100 == 0) {
                                batch.flush();
                            }
                        }
                    }
                    if (number % 50 == 0) {
                        Thread.yield();
                    }
                }
                batch.flush();
                return accepted + batch.accepted();
            }
        }

        /** Notes what stands at a sequence; fails if someone else has seen another event there. */
        private void place(long sequence, Stamped event) {
            Stamped before = order.compareAndExchange((int) sequence, null, event);
            if (before != null && before != event) {
                throw new AssertionError(before + " and " + event + " both at " + sequence);
            }
        }

        // ---- receivers ----

        private void receive(ThreadKind kind, int way) {
            Receiver<Stamped> rx =
                    bus.subscribe(
                            o -> {
                                if (way == 3) {
                                    o.latestOnLag();
                                }
                            });
            receivers.add(rx);
            Ledger ledger = new Ledger(0);
            receiving.add(
                    Task.start(
                            kind,
                            () -> {
                                while (!take(rx, ledger, way)) {
                                    continue;
                                }
                                return ledger;
                            }));
        }

        /** Receives once; true at the end. */
        private boolean take(Receiver<Stamped> rx, Ledger ledger, int way) {
            return switch (way) {
                case 1 ->
                        rx.recvTimeout(Duration.ofNanos(100_000))
                                        instanceof Received<Stamped> received
                                && enter(ledger, received);
                case 2 -> {
                    boolean[] ended = new boolean[1];
                    int taken = rx.drain(16, received -> ended[0] = enter(ledger, received));
                    if (taken == 0) {
                        // Virtual threads that yield keep a single carrier from those just started.
                        LockSupport.parkNanos(1_000);
                    }
                    yield ended[0];
                }
                default -> enter(ledger, rx.recv());
            };
        }

        private boolean enter(Ledger ledger, Received<Stamped> received) {
            ledger.enter(received);
            if (received instanceof Message<Stamped>(long sequence, Stamped event)) {
                place(sequence, event);
            }
            return received instanceof Closed<Stamped>;
        }
    }
}
