package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Ledger;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Close against publishers that do not stop and receivers that are parked or about to be. */
class CloseRaceTest {
    private static final int ROUNDS = Effort.of(20, 60);

    @EachModeAndThread
    void whatWasAcceptedIsReceivedWhatWasNotIsNotAndNobodyHangs(Mode mode, ThreadKind kind) {
        for (int round = 0; round < ROUNDS; round++) {
            Bus<Integer> bus = Buses.open(mode, 4096);
            List<Task<BitSet>> receiving = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Receiver<Integer> rx = bus.subscribe();
                boolean timed = i == 3;
                receiving.add(Task.start(kind, () -> received(rx, timed)));
            }
            List<Task<BitSet>> publishing = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int publisher = i;
                publishing.add(Task.start(ThreadKind.PLATFORM, () -> accepted(bus, publisher)));
            }
            int before = round % 16 * 8;
            while (bus.stats().published() < before) {
                Thread.onSpinWait();
            }
            bus.close();
            BitSet accepted = new BitSet();
            publishing.forEach(task -> accepted.or(task.result()));
            for (Task<BitSet> task : receiving) {
                assertThat(task.result()).isEqualTo(accepted);
            }
            assertThat(bus.stats().published()).isEqualTo(accepted.cardinality());
        }
    }

    /** Publishes every other number until refused, and a few times more. Nothing is overwritten. */
    private static BitSet accepted(Bus<Integer> bus, int first) {
        BitSet accepted = new BitSet();
        int event = first;
        long last = -1;
        long sequence;
        while ((sequence = bus.publishSequenced(event)) >= 0) {
            assertThat(sequence).isGreaterThan(last);
            last = sequence;
            accepted.set(event);
            event += 2;
            while (event / 2 % 64 == 0 && bus.stats().depth() > 2000) {
                Thread.yield();
            }
        }
        for (int again = 0; again < 3; again++) {
            assertThat(bus.publishSequenced(event)).isEqualTo(-1);
            assertThat(bus.publish(event)).isZero();
            assertThat(bus.publishMany(List.of(event, event))).isZero();
        }
        return accepted;
    }

    private static BitSet received(Receiver<Integer> rx, boolean timed) {
        BitSet received = new BitSet();
        Ledger ledger = new Ledger(0);
        while (true) {
            Polled<Integer> polled = timed ? rx.recvTimeout(Duration.ofNanos(50_000)) : rx.recv();
            if (polled instanceof Received<Integer> given) {
                ledger.enter(given);
            }
            if (polled instanceof Message<Integer> message) {
                received.set(message.event());
            }
            if (polled instanceof Closed<Integer> closed) {
                assertThat(closed.reason()).isEqualTo(Reason.BUS_CLOSED);
                assertThat(rx.recv()).isEqualTo(closed);
                assertThat(ledger.missed()).isZero();
                return received;
            }
        }
    }

    @EachModeAndThread
    void aWindowOverwrittenUpToTheCloseStillDrainsWhole(Mode mode, ThreadKind kind) {
        for (int capacity : new int[] {2, 8}) {
            for (int round = 0; round < ROUNDS; round++) {
                Bus<Integer> bus = Buses.open(mode, capacity);
                Receiver<Integer> idle = bus.subscribe();
                List<Task<Long>> publishing =
                        IntStream.range(0, 2)
                                .mapToObj(
                                        i ->
                                                Task.start(
                                                        kind,
                                                        () -> {
                                                            long accepted = 0;
                                                            while (bus.publishSequenced(i) >= 0) {
                                                                accepted++;
                                                            }
                                                            return accepted;
                                                        }))
                                .toList();
                while (bus.stats().published() < 100) {
                    Thread.onSpinWait();
                }
                bus.close();
                long accepted = publishing.stream().mapToLong(Task::result).sum();
                Ledger ledger = new Ledger(0);
                Received<Integer> received;
                do {
                    received = idle.recv();
                    ledger.enter(received);
                } while (!(received instanceof Closed<Integer>));
                assertThat(ledger.next()).isEqualTo(accepted);
                assertThat(ledger.delivered()).isEqualTo(capacity);
            }
        }
    }

    @EachModeAndThread
    void receiversClosedWhileMessagesArriveEndAtOnceAndAreGivenNothingMore(
            Mode mode, ThreadKind kind) {
        AtomicBoolean stop = new AtomicBoolean();
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Task<Void> publisher =
                    Task.run(
                            ThreadKind.PLATFORM,
                            () -> {
                                while (!stop.get()) {
                                    bus.publish(1);
                                    Thread.yield();
                                }
                            });
            for (int round = 0; round < ROUNDS; round++) {
                Receiver<Integer> rx = bus.subscribe();
                Task<Reason> receiving =
                        Task.start(kind, () -> rx.consume(event -> {}, missed -> {}));
                while (rx.delivered() < round % 3) {
                    Thread.onSpinWait();
                }
                rx.close();
                assertThat(receiving.result()).isEqualTo(Reason.RECEIVER_CLOSED);
                assertThat(rx.tryRecv()).isEqualTo(new Closed<>(Reason.RECEIVER_CLOSED));
            }
            stop.set(true);
            publisher.result();
            assertThat(bus.stats().receivers()).isZero();
        }
    }
}
