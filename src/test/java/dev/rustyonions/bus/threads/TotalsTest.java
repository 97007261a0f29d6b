package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The bus's totals, read while everything moves. */
class TotalsTest {
    private static final int CAPACITY = 4;
    private static final int PUBLISHED = Effort.of(5_000, 20_000);

    @EachMode
    void missedNeverDecreasesWhileReceiversLagCloseAndAreAbandoned(Mode mode) {
        AtomicBoolean stop = new AtomicBoolean();
        Bus<Integer> bus = Buses.open(mode, CAPACITY);
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            tasks.add(
                    Task.run(
                            ThreadKind.PLATFORM,
                            () -> {
                                while (!stop.get()) {
                                    bus.publishMany(List.of(1, 2, 3, 4, 5, 6, 7));
                                    Thread.yield();
                                }
                            }));
        }
        List<Receiver<Integer>> lagging = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Receiver<Integer> rx = bus.subscribe();
            lagging.add(rx);
            tasks.add(
                    Task.run(
                            ThreadKind.VIRTUAL,
                            () -> {
                                while (!stop.get()) {
                                    rx.tryRecv();
                                    Thread.yield();
                                }
                            }));
        }
        tasks.add(
                Task.run(
                        ThreadKind.PLATFORM,
                        () -> {
                            while (!stop.get()) {
                                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::oldest);
                                rx.tryRecv();
                                Thread.yield();
                                rx.tryRecv();
                                rx.close();
                            }
                        }));
        Task<Void> abandoning =
                Task.run(
                        ThreadKind.PLATFORM,
                        () -> {
                            for (int i = 0; i < Effort.of(8, 25) && !stop.get(); i++) {
                                bus.subscribe(SubscribeOptions::oldest);
                                bus.subscribe(SubscribeOptions::oldest).tryRecv();
                                System.gc();
                            }
                        });
        int increases = 0;
        try {
            BusStats before = bus.stats();
            while (!abandoning.isDone() || increases == 0) {
                BusStats now = bus.stats();
                assertThat(now.missed()).isGreaterThanOrEqualTo(before.missed());
                assertThat(now.published()).isGreaterThanOrEqualTo(before.published());
                assertThat(now.depth()).isBetween(0, CAPACITY);
                increases += now.missed() > before.missed() ? 1 : 0;
                before = now;
            }
        } finally {
            stop.set(true);
        }
        abandoning.result();
        tasks.forEach(Task::result);
        Garbage.collect();
        assertThat(bus.stats().receivers()).isEqualTo(lagging.size());
    }

    @EachMode
    void atRestMissedIsTheSumOfWhatReceiversWereToldAndAreStillToBeTold(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, CAPACITY);
        AtomicBoolean stop = new AtomicBoolean();
        List<Receiver<Integer>> receivers = new ArrayList<>();
        List<Task<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Receiver<Integer> rx = bus.subscribe();
            receivers.add(rx);
            boolean closes = i % 2 == 0;
            tasks.add(
                    Task.start(
                            ThreadKind.values()[i / 2 % 2],
                            () -> {
                                Polled<Integer> last = new Empty<>();
                                while (!stop.get()) {
                                    last = rx.tryRecv();
                                    Thread.yield();
                                }
                                if (closes) {
                                    rx.close();
                                }
                                return last instanceof Lagged<Integer>;
                            }));
        }
        for (int i = 0; i < PUBLISHED; i++) {
            bus.publish(i);
            if (i % 16 == 0) {
                Thread.yield();
            }
        }
        stop.set(true);
        long lost = 0;
        for (int i = 0; i < receivers.size(); i++) {
            Receiver<Integer> rx = receivers.get(i);
            // The message that a lag ended at is the receiver's own and not lost any more.
            long held = tasks.get(i).result() ? 1 : 0;
            long read = rx.delivered() + rx.missed() + held;
            lost += rx.missed() + Math.max(0, PUBLISHED - CAPACITY - read);
        }
        assertThat(bus.stats().missed()).isEqualTo(lost);
    }
}
