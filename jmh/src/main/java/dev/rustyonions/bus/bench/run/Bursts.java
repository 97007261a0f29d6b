package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peer;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.peer.Tick;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Bursts from one publisher: the next one begins when all receivers have the last event of the one
 * before.
 */
public final class Bursts {
    private final int burst;
    private final int receivers;
    private final Thread publisher = Thread.currentThread();
    private final AtomicInteger waiting = new AtomicInteger();

    private Bursts(int burst, int receivers) {
        this.burst = burst;
        this.receivers = receivers;
    }

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        int[] bursts = full ? new int[] {256, 512, 1024} : new int[] {Settings.burst()};
        int[] capacities =
                full
                        ? new int[] {2048, 4096, 8192}
                        : new int[] {Settings.positive("RON_CAP", 4096)};
        int[] fanouts = full ? new int[] {1, 4, 16} : new int[] {4, 16};
        for (int burst : bursts) {
            for (int capacity : capacities) {
                for (int fanout : fanouts) {
                    for (String name : systems(burst == 512 && capacity == 4096)) {
                        measure(report, name, burst, capacity, fanout);
                    }
                }
            }
        }
    }

    private static List<String> systems(boolean withPeers) {
        List<String> names = new ArrayList<>(List.of(Peers.RON, Peers.BATCHED));
        if (withPeers) {
            names.addAll(Peers.OTHERS);
        }
        return names;
    }

    private static void measure(Report report, String name, int burst, int capacity, int fanout)
            throws InterruptedException {
        bursts(name, burst, capacity, fanout);
        report.add(bursts(name, burst, capacity, fanout));
    }

    private static Row bursts(String name, int burst, int capacity, int fanout)
            throws InterruptedException {
        Peer system = Peers.make(name, capacity, false);
        return fill(
                Row.of("Bursts").with("system", name),
                system,
                burst,
                capacity,
                fanout,
                system::publishAll);
    }

    /** Adds the figures of bursts through {@code publish} to a row. */
    static Row fill(
            Row row,
            Peer system,
            int burst,
            int capacity,
            int receivers,
            Consumer<List<Tick>> publish)
            throws InterruptedException {
        return new Bursts(burst, receivers).bursts(row, system, capacity, publish);
    }

    private Row bursts(Row row, Peer system, int capacity, Consumer<List<Tick>> publish)
            throws InterruptedException {
        Consumer<Tick> handler =
                tick -> {
                    if ((tick.index() + 1) % burst == 0 && waiting.decrementAndGet() == 0) {
                        LockSupport.unpark(publisher);
                    }
                };
        ReceiverThreads receiverThreads =
                new ReceiverThreads(
                        system, receivers, 1, false, Collections.nCopies(receivers, handler));
        long end = System.nanoTime() + Settings.millis() * 1_000_000L;
        long publishing = 0;
        long all = 0;
        long index = 0;
        long begun;
        do {
            List<Tick> ticks = new ArrayList<>(burst);
            for (int i = 0; i < burst; i++) {
                ticks.add(new Tick(0, index++, 0));
            }
            waiting.set(receivers);
            begun = System.nanoTime();
            publish.accept(ticks);
            publishing += System.nanoTime() - begun;
            while (waiting.get() > 0) {
                LockSupport.park(this);
            }
            all += System.nanoTime() - begun;
        } while (begun < end);
        long missed = receiverThreads.settle(new long[] {index});
        Outcome outcome =
                new Outcome(
                        index,
                        receiverThreads.delivered(),
                        missed,
                        system.waits(),
                        publishing,
                        all);
        return row.with("burst", burst)
                .with("capacity", capacity)
                .with("receivers", receivers)
                .with("published/s while publishing", outcome.publishedPerSecond())
                .with("published/s", index * 1e9 / all)
                .with("deliveries/s", outcome.deliveredPerSecond())
                .with("lost %", 100 * outcome.loss())
                .with("waits %", 100.0 * outcome.waits() / outcome.published());
    }
}
