package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peers;

import java.util.ArrayList;
import java.util.List;

/** The comparison with the peers: one publisher, receivers by capacity. */
public final class Matrix {
    private Matrix() {}

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        List<String> names = new ArrayList<>(List.of(Peers.RON, Peers.SUBMIT));
        names.addAll(Peers.OTHERS);
        int[] fanouts = full ? new int[] {1, 8, 16} : new int[] {8};
        int[] capacities = full ? new int[] {64, 1024} : new int[] {1024};
        Stream.warmUp(names);
        for (int capacity : capacities) {
            for (int receivers : fanouts) {
                for (String name : names) {
                    report.add(
                            fill(
                                            Row.of("Against peers")
                                                    .with("system", name)
                                                    .with("receivers", receivers)
                                                    .with("capacity", capacity),
                                            new Stream(name, 1, receivers, capacity, false),
                                            Settings.millis() * 1_000_000L)
                                    .with(
                                            "when full",
                                            Peers.make(name, capacity, false).whenFull()));
                }
            }
        }
    }

    /** Adds the figures of a stream flat out, and of the fastest that loses nothing. */
    static Row fill(Row row, Stream stream, long nanos) throws InterruptedException {
        stream.run(Stream.FLAT_OUT, nanos);
        Outcome flatOut = stream.run(Stream.FLAT_OUT, nanos);
        Outcome lossless = flatOut.isLossless() ? flatOut : stream.fastestLossless(nanos / 2);
        return row.with("published/s", flatOut.publishedPerSecond())
                .with("deliveries/s", flatOut.deliveredPerSecond())
                .with("lost %", 100 * flatOut.loss())
                .with("waits %", 100.0 * flatOut.waits() / flatOut.published())
                .with(
                        "published/s at < 0.01 %",
                        lossless.isLossless() ? lossless.publishedPerSecond() : 0.0)
                .with(
                        "deliveries/s at < 0.01 %",
                        lossless.isLossless() ? lossless.deliveredPerSecond() : 0.0);
    }
}
