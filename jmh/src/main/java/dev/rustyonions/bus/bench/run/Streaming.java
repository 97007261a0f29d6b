package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peers;

import java.util.ArrayList;
import java.util.List;

/** Streams 1:1, 1:4 and 4:4 flat out, and the highest rate at which less than 0.01 % is lost. */
public final class Streaming {
    private static final int[][] SHAPES = {{1, 1}, {1, 4}, {4, 4}};

    private Streaming() {}

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        List<String> names =
                new ArrayList<>(List.of(Peers.RON, Peers.SUBMIT, Peers.EDGE, Peers.DISRUPTOR));
        if (full) {
            names.addAll(Peers.OTHERS.subList(1, Peers.OTHERS.size()));
        }
        int capacity = Settings.positive("RON_CAP", 4096);
        Stream.warmUp(names);
        for (int[] shape : SHAPES) {
            for (String name : names) {
                if (shape[0] == 1 || Peers.takesManyProducers(name)) {
                    measure(report, name, shape[0], shape[1], capacity, false);
                    if (shape[1] == 1 && Peers.canSpin(name)) {
                        measure(report, name, shape[0], shape[1], capacity, true);
                    }
                }
            }
        }
    }

    private static void measure(
            Report report, String name, int producers, int receivers, int capacity, boolean spin)
            throws InterruptedException {
        report.add(
                Matrix.fill(
                        Row.of("Streaming, capacity " + capacity)
                                .with("system", name)
                                .with("wait", spin ? "spin" : "park")
                                .with("publishers", producers)
                                .with("receivers", receivers),
                        new Stream(name, producers, receivers, capacity, spin),
                        Settings.millis() * 1_000_000L));
    }
}
