package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Ledger;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publishers that overwrite the smallest window flat out. */
class ProgressTest {
    @EachMode
    void aDrainThatNeverCatchesUpReturns(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 64);
                Receiver<Integer> rx = bus.subscribe()) {
            AtomicBoolean stopped = new AtomicBoolean();
            Task<Void> publisher =
                    Task.run(
                            ThreadKind.PLATFORM,
                            () -> {
                                while (!stopped.get()) {
                                    bus.publish(1);
                                }
                            });
            Task<Integer> drain =
                    Task.start(
                            ThreadKind.PLATFORM,
                            () -> rx.drain(Integer.MAX_VALUE, received -> awaitPublished(bus, 64)));
            try {
                assertThat(drain.result()).isLessThanOrEqualTo(64 + 2);
            } finally {
                stopped.set(true);
            }
            publisher.result();
        }
    }

    /** Returns when so many more messages have been published, or the bus is closed. */
    private static void awaitPublished(Bus<Integer> bus, int more) {
        long until = bus.stats().published() + more;
        while (bus.stats().published() < until && !bus.isClosed()) {
            Thread.onSpinWait();
        }
    }

    @EachModeAndThread
    void betweenTwoLagsThereIsAMessageHoweverFastPublishersOverwrite(Mode mode, ThreadKind kind) {
        for (boolean latestOnLag : new boolean[] {false, true}) {
            AtomicBoolean stop = new AtomicBoolean();
            Bus<Integer> bus = Buses.open(mode, 2);
            Receiver<Integer> rx =
                    bus.subscribe(
                            o -> {
                                if (latestOnLag) {
                                    o.latestOnLag();
                                }
                            });
            Ledger ledger = new Ledger(0);
            List<Task<Long>> publishing = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                publishing.add(
                        Task.start(
                                ThreadKind.PLATFORM,
                                () -> {
                                    long accepted = 0;
                                    while (!stop.get()) {
                                        accepted += bus.publishMany(List.of(1, 2, 3, 4, 5));
                                    }
                                    return accepted;
                                }));
            }
            // The ledger refuses two lags in a row.
            Task<Void> receiving =
                    Task.run(
                            kind,
                            () -> {
                                while (ledger.lags() < 500) {
                                    ledger.enter(rx.recv());
                                }
                            });
            receiving.result();
            stop.set(true);
            long accepted = publishing.stream().mapToLong(Task::result).sum();
            bus.close();
            rx.drain(Integer.MAX_VALUE, received -> ledger.enter((Received<?>) received));
            assertThat(ledger.next()).isEqualTo(accepted);
            assertThat(ledger.delivered()).isGreaterThanOrEqualTo(ledger.lags());
        }
    }
}
