package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.peer.Tick;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Latency from publish to receive at fixed rates, from the moment an event was due: a publisher
 * that is held up makes the events behind it late, and that counts.
 */
public final class Latency {
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 99.99};

    private Latency() {}

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        List<String> names =
                new ArrayList<>(List.of(Peers.RON, Peers.EDGE, Peers.HAND_OVER, Peers.DISRUPTOR));
        if (full) {
            names.addAll(Peers.OTHERS.subList(1, Peers.OTHERS.size()));
        }
        Stream.warmUp(names);
        for (int rate : new int[] {100_000, 1_000_000}) {
            for (String name : names) {
                report.add(measure(name, rate));
            }
        }
    }

    private static Row measure(String name, int rate) throws InterruptedException {
        int receivers = Settings.fanout();
        int capacity = Settings.positive("RON_CAP", 4096);
        Stream stream = new Stream(name, 1, receivers, capacity, false);
        long nanos = Settings.millis() * 1_000_000L;
        stream.run(rate, nanos, recorders(histograms(receivers)));
        List<Histogram> histograms = histograms(receivers);
        Outcome outcome = stream.run(rate, 2 * nanos, recorders(histograms));
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        Row row =
                Row.of(
                                "Latency from due to received, capacity "
                                        + capacity
                                        + "; "
                                        + Pace.describe())
                        .with("system", name)
                        .with("events/s", rate)
                        .with("receivers", receivers);
        for (double percentile : PERCENTILES) {
            String column = "p" + String.valueOf(percentile).replaceFirst("\\.0$", "") + " us";
            row.with(column, all.getValueAtPercentile(percentile) / 1e3);
        }
        return row.with("lost %", 100 * outcome.loss())
                .with("deliveries/s", outcome.deliveredPerSecond());
    }

    static List<Histogram> histograms(int receivers) {
        List<Histogram> histograms = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            histograms.add(new Histogram(TimeUnit.MINUTES.toNanos(1), 3));
        }
        return histograms;
    }

    static List<Consumer<Tick>> recorders(List<Histogram> histograms) {
        List<Consumer<Tick>> recorders = new ArrayList<>();
        for (Histogram histogram : histograms) {
            recorders.add(
                    tick -> histogram.recordValue(Math.max(0, System.nanoTime() - tick.due())));
        }
        return recorders;
    }
}
