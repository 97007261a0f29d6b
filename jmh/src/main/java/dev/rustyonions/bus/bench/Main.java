package dev.rustyonions.bus.bench;

import dev.rustyonions.bus.bench.against.Against;
import dev.rustyonions.bus.bench.against.Versions;
import dev.rustyonions.bus.bench.figures.FiguresCommand;
import dev.rustyonions.bus.bench.gate.Gate;
import dev.rustyonions.bus.bench.run.Allocation;
import dev.rustyonions.bus.bench.run.Beside;
import dev.rustyonions.bus.bench.run.Bursts;
import dev.rustyonions.bus.bench.run.Fairness;
import dev.rustyonions.bus.bench.run.FirstEvent;
import dev.rustyonions.bus.bench.run.Growth;
import dev.rustyonions.bus.bench.run.Interleaved;
import dev.rustyonions.bus.bench.run.Knobs;
import dev.rustyonions.bus.bench.run.Latency;
import dev.rustyonions.bus.bench.run.Matrix;
import dev.rustyonions.bus.bench.run.Memory;
import dev.rustyonions.bus.bench.run.Million;
import dev.rustyonions.bus.bench.run.Parked;
import dev.rustyonions.bus.bench.run.Starts;
import dev.rustyonions.bus.bench.run.Streaming;
import dev.rustyonions.bus.bench.run.Sustained;

import java.nio.file.Path;
import java.util.List;

/**
 * Starts a measurement by its name, with {@code quick} or {@code full} after it; anything else goes
 * to JMH.
 */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        String name = args.length == 0 ? "" : args[0];
        boolean full = args.length > 1 && args[1].equals("full");
        Report report = new Report();
        switch (name) {
            case "gate" -> System.exit(Gate.run());
            case "suite" -> System.exit(Suite.run(full));
            case "figures" -> {
                FiguresCommand.run(Path.of(""), List.of(args).subList(1, args.length));
                return;
            }
            case "parked" -> {
                if (args.length > 3) {
                    Parked.runGated(report, Integer.parseInt(args[2]), args[3]);
                } else if (args.length > 1 && args[1].equals("gate")) {
                    Parked.runGated(report);
                } else {
                    Parked.run(report, full);
                }
            }
            case "against" -> System.exit(Against.run(Path.of(args[1])));
            case "versions" -> Versions.run(report, args[1], Path.of(args[2]));
            case "interleaved" -> Interleaved.run(report, args.length > 1 ? args[1] : "");
            case "streaming" -> Streaming.run(report, full);
            case "knobs" -> {
                if (args.length > 1 && args[1].equals("gate")) {
                    Knobs.runGated(report);
                } else {
                    Knobs.run(report, full);
                }
            }
            case "bursts" -> Bursts.run(report, full);
            case "latency" -> Latency.run(report, full);
            case "growth" -> {
                Growth.run(report, full);
                if (!Rows.isForked()) {
                    report.write(Path.of("target", "bench-growth"));
                    System.exit(Growth.faults(report.rows()).isEmpty() ? 0 : 1);
                }
            }
            case "fairness" -> Fairness.run(report);
            case "beside" -> Beside.run(report);
            case "starts" -> Starts.run(report);
            case "sustained" -> Sustained.run(report);
            case "peers" -> Matrix.run(report, full);
            case "million" -> {
                if (args.length > 3) {
                    Million.measure(report, Integer.parseInt(args[2]), args[3]);
                } else {
                    Million.run(report, full);
                }
            }
            case "memory" -> Memory.run(report);
            case "first-event" -> FirstEvent.run(report, full);
            case "allocation" -> Allocation.run(report);
            default -> {
                org.openjdk.jmh.Main.main(args);
                return;
            }
        }
        report.write(Path.of("target", "bench-" + name));
    }
}
