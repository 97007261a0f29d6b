package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long publishers wait for a lossless receiver, and how evenly they get their turn: each
 * publishes as fast as it can, so that the window is always full.
 */
public final class Fairness {
    private static final int[] PUBLISHERS = {2, 10, 100};
    private static final int[] CAPACITIES = {2, 64, 4096};

    private Fairness() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException {
        measure(64, 10, true);
        for (int capacity : CAPACITIES) {
            for (int publishers : PUBLISHERS) {
                for (boolean virtual : new boolean[] {true, false}) {
                    report.add(measure(capacity, publishers, virtual));
                }
            }
        }
    }

    @SuppressWarnings("try") // closed early, so that the receiver ends
    private static Row measure(int capacity, int publishers, boolean virtual)
            throws InterruptedException {
        try (Bus<Object> bus = Bus.builder().capacity(capacity).build()) {
            Receiver<Object> rx = bus.subscribe(SubscribeOptions::lossless);
            Thread receiver = Thread.ofVirtual().start(() -> receive(rx));
            long end = System.nanoTime() + Settings.millis() * 1_000_000L;
            long[] submitted = new long[publishers];
            List<Histogram> calls = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < publishers; i++) {
                int number = i;
                Histogram of = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
                calls.add(of);
                Thread.Builder kind = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
                threads.add(kind.start(() -> submitted[number] = publish(bus, end, of)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            bus.close();
            receiver.join();
            Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
            calls.forEach(all::add);
            double mean = Arrays.stream(submitted).average().orElseThrow();
            return Row.of("Fairness")
                    .with("capacity", capacity)
                    .with("publishers", publishers)
                    .with("threads", virtual ? "virtual" : "platform")
                    .with("submits/s", 1e3 * Arrays.stream(submitted).sum() / Settings.millis())
                    .with("a submit, p50 us", all.getValueAtPercentile(50) / 1e3)
                    .with("p99 us", all.getValueAtPercentile(99) / 1e3)
                    .with("p99.9 us", all.getValueAtPercentile(99.9) / 1e3)
                    .with("longest us", all.getMaxValue() / 1e3)
                    .with("fewest to mean", Arrays.stream(submitted).min().orElseThrow() / mean)
                    .with("most to mean", Arrays.stream(submitted).max().orElseThrow() / mean);
        }
    }

    private static void receive(Receiver<Object> rx) {
        while (rx.recv() instanceof Message<Object>) {
            // the next
        }
    }

    private static long publish(Bus<Object> bus, long end, Histogram calls) {
        Object event = new Object();
        long count = 0;
        long now = System.nanoTime();
        while (now < end) {
            bus.submit(event);
            long after = System.nanoTime();
            calls.recordValue(after - now);
            now = after;
            count++;
        }
        return count;
    }
}
