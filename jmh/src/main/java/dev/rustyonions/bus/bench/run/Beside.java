package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Those that wait beside those that do not: how publishers that wait get their turn beside one that
 * does not, and when a receiver that may lose is given an event while a receiver that may not holds
 * the publisher up.
 */
public final class Beside {
    private static final int[] PUBLISHERS = {2, 10, 100};
    private static final int[] CAPACITIES = {64, 4096};

    /** Events a second of the publisher that does not wait; 0 is none, the last is flat out. */
    private static final int[] RATES = {0, 100_000, Integer.MAX_VALUE};

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private Beside() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException {
        turns(64, 10, 0);
        for (int capacity : CAPACITIES) {
            for (int publishers : PUBLISHERS) {
                for (int rate : RATES) {
                    report.add(turns(capacity, publishers, rate));
                }
            }
        }
        for (int lossy : new int[] {1, 8}) {
            delay(lossy, false);
            for (boolean heldUp : new boolean[] {false, true}) {
                report.add(delay(lossy, heldUp));
            }
        }
    }

    // ---- publishers that wait beside one that does not ----

    @SuppressWarnings("try") // closed early, so that the receiver ends
    private static Row turns(int capacity, int publishers, int rate) throws InterruptedException {
        try (Bus<Object> bus = Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build()) {
            Receiver<Object> rx = bus.subscribe(SubscribeOptions::lossless);
            Thread receiver = Thread.ofVirtual().start(() -> receive(rx));
            Submitters submitters = Submitters.start(bus, publishers, true);
            AtomicLong published = new AtomicLong();
            Thread other =
                    Thread.ofPlatform()
                            .start(() -> published.set(publish(bus, submitters.end(), rate)));
            submitters.join();
            other.join();
            bus.close();
            receiver.join();
            return submitters.describe(
                    Row.of("Fairness beside a publisher that does not wait")
                            .with("capacity", capacity)
                            .with("publishers that wait", publishers)
                            .with("beside them", beside(rate))
                            .with(
                                    "published beside them/s",
                                    1e3 * published.get() / Settings.millis()));
        }
    }

    private static String beside(int rate) {
        return switch (rate) {
            case 0 -> "nobody";
            case Integer.MAX_VALUE -> "flat out";
            default -> rate + " events/s";
        };
    }

    private static void receive(Receiver<Object> rx) {
        while (!(rx.recv() instanceof Closed<Object>)) {
            // a message, or how many the publisher that does not wait has overwritten
        }
    }

    private static long publish(Bus<Object> bus, long end, int rate) {
        Object event = new Object();
        long began = System.nanoTime();
        long count = 0;
        if (rate == 0) {
            return 0;
        }
        for (long now = began; now < end; now = System.nanoTime()) {
            long due = rate == Integer.MAX_VALUE ? count + 1 : (long) ((now - began) / 1e9 * rate);
            while (count < due) {
                bus.publish(event);
                count++;
            }
            if (rate != Integer.MAX_VALUE) {
                LockSupport.parkNanos(MILLISECOND / 20);
            }
        }
        return count;
    }

    // ---- a receiver that may lose beside one that may not ----

    /**
     * An event every millisecond: because the publisher sleeps for as long, or because it waits for
     * a receiver that takes as long.
     */
    @SuppressWarnings("try") // closed early, so that the receivers end
    private static Row delay(int lossy, boolean heldUp) throws InterruptedException {
        int events = Math.max(1, 4 * Settings.millis());
        long[] returned = new long[events];
        List<long[]> received = new ArrayList<>();
        try (Bus<Integer> bus = Bus.builder().capacity(64).build()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < lossy; i++) {
                Receiver<Integer> rx = bus.subscribe();
                long[] at = new long[events];
                received.add(at);
                threads.add(Thread.ofVirtual().start(() -> takeAll(rx, n -> at[n] = now())));
            }
            if (heldUp) {
                Receiver<Integer> slow = bus.subscribe(SubscribeOptions::lossless);
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () ->
                                                takeAll(
                                                        slow,
                                                        n -> LockSupport.parkNanos(MILLISECOND))));
            }
            for (int n = 0; n < events; n++) {
                if (!heldUp) {
                    LockSupport.parkNanos(MILLISECOND);
                }
                bus.submit(n);
                returned[n] = now();
            }
            bus.close();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        for (long[] at : received) {
            // The first find room.
            for (int n = Math.min(128, events / 2); n < events; n++) {
                all.recordValue(Math.max(0, at[n] - returned[n]));
            }
        }
        return Row.of("From the return of submit to a receiver that may lose, an event a ms")
                .with("receivers that may lose", lossy)
                .with("the publisher", heldUp ? "waits for a lossless receiver" : "sleeps")
                .with("p50 us", all.getValueAtPercentile(50) / 1e3)
                .with("p95 us", all.getValueAtPercentile(95) / 1e3)
                .with("p99 us", all.getValueAtPercentile(99) / 1e3);
    }

    private static void takeAll(Receiver<Integer> rx, IntConsumer handler) {
        while (rx.recv() instanceof Message<Integer>(long sequence, Integer event)) {
            handler.accept(event);
        }
    }

    private static long now() {
        return System.nanoTime();
    }
}
