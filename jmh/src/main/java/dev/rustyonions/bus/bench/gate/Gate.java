package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Holds the bus to its targets: ratios between a subject and a baseline measured in turn, medians
 * over rounds, and exact figures.
 *
 * <p>Without {@code STRICT=1} a limit lies between what was measured on machines of two processors
 * and twice that, so that twice the cost shows. {@code RON_BENCH_ONLY} names the figures to
 * measure, separated by commas.
 */
public final class Gate {
    private final boolean strict;
    private final int rounds;
    private final Probes probes;
    private final List<String> failed = new ArrayList<>();
    private final Report report = new Report();

    private Gate(boolean strict, int rounds, double seconds) {
        this.strict = strict;
        this.rounds = rounds;
        this.probes = new Probes(seconds);
    }

    /** Measures and prints; true if every gated figure is within its limit. */
    public static boolean run() throws Exception {
        Gate gate =
                new Gate(
                        "1".equals(Settings.get("STRICT")),
                        Settings.positive("ROUNDS", 3),
                        seconds());
        return gate.measure();
    }

    private static double seconds() {
        String value = Settings.get("MEASTIME");
        if (value == null) {
            return 0.4;
        }
        try {
            double seconds = Double.parseDouble(value);
            if (seconds > 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal(value), e);
        }
        throw new IllegalArgumentException(refusal(value));
    }

    private static String refusal(String value) {
        return "MEASTIME: \"" + value + "\" is not a number of seconds above 0";
    }

    private boolean measure() throws Exception {
        List<Figure> figures = Figure.chosen(Settings.get("RON_BENCH_ONLY"));
        System.out.println(Report.machine());
        int done = 0;
        int all = figures.size() * rounds;
        for (int round = 0; round < rounds; round++) {
            probes.nextRound();
            for (Figure figure : figures) {
                done++;
                System.out.print("\r[" + done + "/" + all + "] " + figure.name() + " ".repeat(30));
                System.out.flush();
                figure.add(probes);
            }
        }
        System.out.println();
        for (Figure figure : figures) {
            judge(figure);
        }
        probes.raw()
                .forEach(
                        (benchmark, values) ->
                                report.add(
                                        Row.of(
                                                        "Behind the ratios: ns an operation,"
                                                                + " or operations a us")
                                                .with("benchmark", benchmark)
                                                .with(
                                                        "each round",
                                                        values.stream()
                                                                .map(Row::text)
                                                                .collect(
                                                                        Collectors.joining(" ")))));
        report.write(Path.of("target", "perf-gate"));
        if (failed.isEmpty()) {
            System.out.println("perf gate: all within limits");
        } else {
            System.out.println("perf gate: over the limit: " + String.join(", ", failed));
        }
        return failed.isEmpty();
    }

    private void judge(Figure figure) {
        double measured = figure.median();
        double limit = strict ? Math.min(figure.target(), figure.limit()) : figure.limit();
        boolean gated = figure.isGated();
        boolean held = figure.isExact() ? measured == limit : measured <= limit;
        String verdict =
                gated ? (held ? "ok" : "FAILED") : (held ? "reported, ok" : "reported, over");
        if (gated && !held) {
            failed.add(figure.name());
        }
        report.add(
                Row.of("Performance gate")
                        .with("figure", figure.name())
                        .with("what", figure.what())
                        .with("target", (figure.isExact() ? "= " : "<= ") + text(figure.target()))
                        .with("limit", (figure.isExact() ? "= " : "<= ") + text(limit))
                        .with("measured", text(measured))
                        .with("verdict", verdict));
    }

    private static String text(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
