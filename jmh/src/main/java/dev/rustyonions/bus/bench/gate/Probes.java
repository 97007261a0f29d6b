package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.run.Knobs;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes measurements, each in a JVM of its own, and keeps them for the round: a baseline that
 * several figures share is measured once, and right beside its first subject.
 *
 * <p>The best of a measurement's iterations counts: what else a machine does can only add time.
 */
final class Probes {
    private static final int ITERATIONS = 8;

    private final double seconds;
    private final Map<String, List<Double>> raw = new TreeMap<>();
    private final Map<String, Double> scores = new HashMap<>();
    private final Map<String, List<Row>> tables = new HashMap<>();

    Probes(double seconds) {
        this.seconds = seconds;
    }

    /**
     * The measurements behind the ratios, of each round: nanoseconds an operation, or operations a
     * microsecond.
     */
    Map<String, List<Double>> raw() {
        return raw;
    }

    void nextRound() {
        scores.clear();
        tables.clear();
    }

    /** Nanoseconds an operation. */
    double time(String benchmark) throws Exception {
        return score(benchmark, "", 0);
    }

    /** Nanoseconds an operation, with a parameter. */
    double time(String benchmark, String parameter, int value) throws Exception {
        return score(benchmark, parameter, value);
    }

    /** Operations a microsecond. */
    double rate(String benchmark) throws Exception {
        return score(benchmark, "", 0);
    }

    /** A figure of a harness: the largest of its rows. */
    double row(String harness, String column) throws Exception {
        return rows(harness).stream().mapToDouble(row -> row.number(column)).max().orElseThrow();
    }

    /** A figure of the parked receivers. */
    double parked(int n, String carriers, String column) throws Exception {
        return rows("parked").stream()
                .filter(
                        row ->
                                row.number("parked") == n
                                        && carriers.equals(row.cells().get("carriers")))
                .findFirst()
                .orElseThrow()
                .number(column);
    }

    /** Wake-ups an event in edge mode, to those in classic mode. */
    double edgeWakeUps() throws Exception {
        List<Row> rows = rows("knobs");
        return rows.getLast().number(Knobs.WAKE_UPS) / rows.getFirst().number(Knobs.WAKE_UPS);
    }

    private List<Row> rows(String harness) throws Exception {
        List<Row> rows = tables.get(harness);
        if (rows == null) {
            rows = Rows.fork(harness, "gate");
            tables.put(harness, rows);
        }
        return rows;
    }

    private double score(String benchmark, String parameter, int value) throws Exception {
        String key = parameter.isEmpty() ? benchmark : benchmark + " " + parameter + "=" + value;
        Double known = scores.get(key);
        if (known == null) {
            known = run(benchmark, parameter, value);
            scores.put(key, known);
            raw.computeIfAbsent(key, name -> new ArrayList<>()).add(known);
        }
        return known;
    }

    private double run(String benchmark, String parameter, int value) throws Exception {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include("\\." + benchmark.replace(".", "\\.") + "$")
                        .forks(1)
                        .jvmArgsAppend(Settings.heap())
                        .warmupIterations(3)
                        .warmupTime(TimeValue.milliseconds(300))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(
                                TimeValue.milliseconds(
                                        Math.max(1, (long) (1_000 * seconds / ITERATIONS))))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT);
        if (!parameter.isEmpty()) {
            options.param(parameter, String.valueOf(value));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        if (results.size() != 1) {
            throw new IllegalStateException(benchmark + " names " + results.size() + " benchmarks");
        }
        RunResult result = results.iterator().next();
        BenchmarkParams params = result.getParams();
        double[] values =
                result.getBenchmarkResults().stream()
                        .map(BenchmarkResult::getIterationResults)
                        .flatMap(Collection::stream)
                        .map(IterationResult::getPrimaryResult)
                        .mapToDouble(primary -> primary.getScore())
                        .sorted()
                        .toArray();
        return params.getMode() == Mode.Throughput ? values[values.length - 1] : values[0];
    }
}
