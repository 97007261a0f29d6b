package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * How many receivers lose something before they have received anything, by where they start, while
 * a publisher goes on. Each is subscribed on a full window and begins to receive in a virtual
 * thread of its own, as a client does that connects.
 */
public final class Starts {
    private static final int RECEIVERS = 2_000;

    private static final int[] CAPACITIES = {256, 4096};

    /** Events a second. */
    private static final int RATE = 100_000;

    private Starts() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException {
        for (int capacity : CAPACITIES) {
            share(capacity, SubscribeOptions::oldest); // warms up
            add(report, capacity, "oldest()", SubscribeOptions::oldest);
            add(report, capacity, "last(capacity / 2)", options -> options.last(capacity / 2));
        }
    }

    private static void add(
            Report report, int capacity, String start, Consumer<SubscribeOptions<Object>> options)
            throws InterruptedException {
        report.add(
                Row.of("Starts")
                        .with("capacity", capacity)
                        .with("start", start)
                        .with("events/s", RATE)
                        .with("receivers that lose at once, %", 100 * share(capacity, options)));
    }

    /** Subscribes one receiver after the other; the share of those that begin with a lag. */
    private static double share(int capacity, Consumer<SubscribeOptions<Object>> options)
            throws InterruptedException {
        try (Bus<Object> bus = Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build()) {
            Thread publisher = Thread.ofPlatform().daemon().start(() -> publish(bus));
            while (bus.stats().published() < capacity) {
                Thread.onSpinWait();
            }
            int[] lagged = new int[1];
            for (int i = 0; i < RECEIVERS; i++) {
                Receiver<Object> rx = bus.subscribe(options);
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (rx) {
                                        lagged[0] += rx.recv() instanceof Lagged ? 1 : 0;
                                    }
                                })
                        .join();
                LockSupport.parkNanos(100_000);
            }
            publisher.interrupt();
            publisher.join();
            return (double) lagged[0] / RECEIVERS;
        }
    }

    private static void publish(Bus<Object> bus) {
        long began = System.nanoTime();
        Object event = new Object();
        for (long i = 0; !Thread.currentThread().isInterrupted(); i++) {
            Pace.until(began + i * 1_000_000_000L / RATE);
            bus.publish(event);
        }
    }
}
