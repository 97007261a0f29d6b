package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peers;

import java.util.List;

/**
 * A million events a second to eight virtual-thread receivers: what each capacity loses, and the
 * rates that the default and a capacity of 4096 hold.
 */
public final class Sustained {
    private static final int RATE = 1_000_000;
    private static final int RECEIVERS = 8;
    private static final int LARGEST = 1 << 16;
    private static final int DEFAULT = 256;
    private static final int TARGET = 4096;

    private Sustained() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException {
        long nanos = 2L * Settings.millis() * 1_000_000L;
        List<String> modes = List.of(Peers.RON, Peers.EDGE);
        Stream.warmUp(modes);
        for (String mode : modes) {
            for (int capacity = DEFAULT; capacity <= LARGEST; capacity *= 4) {
                Stream stream = new Stream(mode, 1, RECEIVERS, capacity, false);
                stream.run(RATE, nanos / 2);
                report.add(row(mode, capacity, String.valueOf(RATE), stream.run(RATE, nanos)));
            }
            for (int capacity : new int[] {DEFAULT, TARGET}) {
                report.add(
                        row(
                                mode,
                                capacity,
                                "the most it holds",
                                new Stream(mode, 1, RECEIVERS, capacity, false)
                                        .fastestLossless(nanos / 2)));
            }
        }
    }

    private static Row row(String mode, int capacity, String asked, Outcome outcome) {
        return Row.of("Sustained, 8 receivers; " + Pace.describe())
                .with("system", mode)
                .with("capacity", capacity)
                .with("asked, events/s", asked)
                .with("published/s", outcome.publishedPerSecond())
                .with("deliveries/s", outcome.deliveredPerSecond())
                .with("lost %", 100 * outcome.loss());
    }
}
