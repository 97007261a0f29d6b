package dev.rustyonions.bus.bench;

import dev.rustyonions.bus.bench.run.Growth;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Runs everything, or what {@code RON_BENCH_ONLY} names, each harness in a JVM of its own, into one
 * report.
 */
final class Suite {
    private static final List<String> MICRO =
            List.of(
                    "PublishFloor",
                    "PublishIdle",
                    "PublishStuck",
                    "PublishMetrics",
                    "PublishReceive",
                    "DrainFloor",
                    "Drain",
                    "DrainDisruptor",
                    "Contended",
                    "ContendedDisruptor",
                    "ColdStart",
                    "Subscribe",
                    "Submit",
                    "Lag",
                    "PublishOverflowing");

    private static final List<String> HARNESSES =
            List.of(
                    "allocation",
                    "memory",
                    "first-event",
                    "parked",
                    "million",
                    "streaming",
                    "sustained",
                    "starts",
                    "fairness",
                    "beside",
                    "growth",
                    "bursts",
                    "knobs",
                    "latency",
                    "peers");

    /** What JMH's collector profiler calls the bytes allocated by an operation. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Suite() {}

    /** Measures. Returns the exit status: 1 if a cost grows faster than it may. */
    static int run(boolean full) throws Exception {
        String only = Settings.get("RON_BENCH_ONLY");
        List<String> chosen =
                java.util.stream.Stream.concat(MICRO.stream(), HARNESSES.stream())
                        .filter(name -> only == null || List.of(only.split(",", -1)).contains(name))
                        .toList();
        Report report = new Report();
        System.out.println(Report.machine());
        long begun = System.nanoTime();
        for (int i = 0; i < chosen.size(); i++) {
            String name = chosen.get(i);
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            System.out.println(
                    "[" + (i + 1) + "/" + chosen.size() + ", " + seconds + " s] " + name);
            if (MICRO.contains(name)) {
                micro(report, name, full);
            } else {
                Rows.fork(options(name), name, full ? "full" : "quick").forEach(report::add);
            }
        }
        report.write(Path.of("target", "bench"));
        List<String> faults = Growth.faults(report.rows());
        faults.forEach(System.out::println);
        return faults.isEmpty() ? 0 : 1;
    }

    /** What the JVM of a harness is started with. */
    private static List<String> options(String harness) {
        return harness.equals("growth") ? Growth.options() : List.of();
    }

    private static void micro(Report report, String name, boolean full) throws RunnerException {
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .include("\\." + name + "\\.")
                                        .forks(full ? 3 : 1)
                                        .jvmArgsAppend(Settings.heap())
                                        .addProfiler(GCProfiler.class)
                                        .warmupIterations(5)
                                        .warmupTime(TimeValue.milliseconds(300))
                                        .measurementIterations(full ? 10 : 5)
                                        .measurementTime(TimeValue.milliseconds(300))
                                        .shouldFailOnError(true)
                                        .verbosity(VerboseMode.SILENT)
                                        .build())
                        .run();
        for (RunResult result : results) {
            var params = result.getParams();
            String parameters =
                    params.getParamsKeys().stream()
                            .map(key -> key + "=" + params.getParam(key))
                            .reduce("", (a, b) -> a.isEmpty() ? b : a + ", " + b);
            report.add(
                    row(
                            name,
                            result.getPrimaryResult(),
                            parameters,
                            params.getThreads(),
                            result.getSecondaryResults().get(ALLOCATED)));
            result.getSecondaryResults()
                    .forEach(
                            (label, part) -> {
                                if (!label.startsWith("gc.")) {
                                    report.add(row(name, part, parameters, 1, null));
                                }
                            });
        }
    }

    private static Row row(
            String name,
            Result<?> result,
            String parameters,
            int threads,
            @Nullable Result<?> allocated) {
        Row row =
                Row.of("One operation")
                        .with("benchmark", name + "." + result.getLabel())
                        .with("parameters", parameters)
                        .with("threads", threads)
                        .with("score", result.getScore())
                        .with("error", result.getScoreError())
                        .with("unit", result.getScoreUnit());
        return allocated == null ? row : row.with("bytes", allocated.getScore());
    }
}
