package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Publishers that submit as fast as they can for the time of one run: how long their calls take,
 * and how evenly they get their turn.
 */
final class Submitters {
    private final List<Thread> threads = new ArrayList<>();
    private final List<Histogram> calls = new ArrayList<>();
    private final long[] submitted;
    private final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Settings.millis());

    private Submitters(int publishers) {
        submitted = new long[publishers];
    }

    static Submitters start(Bus<Object> bus, int publishers, boolean virtual) {
        Submitters all = new Submitters(publishers);
        for (int i = 0; i < publishers; i++) {
            int number = i;
            Histogram of = histogram();
            all.calls.add(of);
            Thread.Builder kind = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            all.threads.add(kind.start(() -> all.submitted[number] = submit(bus, all.end, of)));
        }
        return all;
    }

    /** When they stop, of {@link System#nanoTime}. */
    long end() {
        return end;
    }

    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Adds what they did; only once they have been joined. */
    Row describe(Row row) {
        Histogram all = histogram();
        calls.forEach(all::add);
        double mean = LongStream.of(submitted).average().orElseThrow();
        return row.with("submits/s", 1e3 * LongStream.of(submitted).sum() / Settings.millis())
                .with("a submit, p50 us", all.getValueAtPercentile(50) / 1e3)
                .with("p99 us", all.getValueAtPercentile(99) / 1e3)
                .with("p99.9 us", all.getValueAtPercentile(99.9) / 1e3)
                .with("longest us", all.getMaxValue() / 1e3)
                .with("fewest to mean", LongStream.of(submitted).min().orElseThrow() / mean)
                .with("most to mean", LongStream.of(submitted).max().orElseThrow() / mean);
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    }

    private static long submit(Bus<Object> bus, long end, Histogram calls) {
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
