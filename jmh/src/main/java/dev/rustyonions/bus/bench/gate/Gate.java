package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.stat.Interval;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Holds the bus to its targets: ratios between a subject and a baseline measured in turn, each with
 * the {@link Interval} of its rounds, judged by {@link Verdict}, and exact figures.
 *
 * <p>Without {@code STRICT=1} a limit lies between what was measured on machines of two processors
 * and twice that, so that twice the cost shows. {@code RON_BENCH_ONLY} names the figures to
 * measure, separated by commas.
 *
 * <p>A figure that is gated, or named, and is not met after its rounds gets up to
 * {@value #MORE_ROUNDS} more, and all its rounds are judged together: a burst of other load then
 * has to last longer, and a slower bus is seen as often as before.
 */
public final class Gate {
    private static final int MORE_ROUNDS = 4;

    /** No round is added to a run older than this, so that one on a busy machine ends. */
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(170);

    private final long begun = System.nanoTime();
    private final boolean strict = "1".equals(Settings.get("STRICT"));
    private final int rounds = Settings.positive("ROUNDS", 3);
    private final long seed = Settings.seed();
    private final Probes probes = new Probes(seed);
    private final Tally tally = new Tally();
    private final Report report = new Report();

    private Gate() {
        Settings.measuredSeconds(); // refuses a bad value before anything is measured
    }

    /**
     * Measures and prints. Returns the exit status: 0, 1 if a gated figure is missed, 2 if a strict
     * run has only undecided ones.
     */
    public static int run() throws Exception {
        return new Gate().measure();
    }

    private int measure() throws Exception {
        String only = Settings.get("RON_BENCH_ONLY");
        List<Figure> figures = Figure.chosen(only);
        System.out.println(Report.machine() + "; seed " + seed);
        for (int round = 1; round <= rounds; round++) {
            measure("round " + round, figures);
        }
        for (int round = 1; round <= MORE_ROUNDS; round++) {
            List<Figure> notMet =
                    figures.stream()
                            .filter(figure -> only != null || figure.isGated())
                            .filter(figure -> figure.verdict(strict) != Verdict.MET)
                            .toList();
            if (notMet.isEmpty() || System.nanoTime() - begun > OLD_NANOS) {
                break;
            }
            measure("added round " + round, notMet);
        }
        figures.forEach(this::judge);
        probes.raw().forEach(this::reportRaw);
        report.write(Path.of("target", "perf-gate"));
        if (figures.stream().flatMap(f -> f.rounds().stream()).anyMatch(Round::isCrowdedOut)) {
            System.out.println(
                    "* other processes had more than "
                            + text(Round.MOST_OTHERS)
                            + " of the processors during this round");
        }
        System.out.println(tally.summary());
        return tally.exitStatus(strict);
    }

    private void measure(String round, List<Figure> figures) throws Exception {
        probes.nextRound();
        int done = 0;
        for (Figure figure : figures) {
            done++;
            String progress = "[" + round + ", " + done + "/" + figures.size() + "] ";
            System.out.print("\r" + progress + figure.name() + " ".repeat(30));
            System.out.flush();
            figure.add(probes);
        }
        System.out.println();
    }

    private void judge(Figure figure) {
        Verdict verdict = figure.verdict(strict);
        tally.add(figure.name(), verdict, figure.isGated());
        String word = verdict.name();
        Interval interval = figure.interval();
        report.add(
                Row.of("Performance gate")
                        .with("figure", figure.name())
                        .with("what", figure.what())
                        .with("target", bound(figure, figure.target()))
                        .with("limit", bound(figure, figure.limit(strict)))
                        .with("measured", text(interval.figure()))
                        .with("between", interval.ends())
                        .with(
                                "rounds",
                                figure.rounds().stream()
                                        .map(Gate::round)
                                        .collect(Collectors.joining(" ")))
                        .with("verdict", figure.isGated() ? word : "reported, " + word));
    }

    private void reportRaw(String side, List<Double> values) {
        report.add(
                Row.of("Behind the ratios: ns an operation")
                        .with("side", side)
                        .with(
                                "each round",
                                values.stream().map(Row::text).collect(Collectors.joining(" "))));
    }

    /** With a star if it is one of those in which others had most of the processors. */
    private static String round(Round round) {
        return text(round.value()) + (round.isCrowdedOut() ? "*" : "");
    }

    private static String bound(Figure figure, double value) {
        return (figure.isExact() ? "= " : "<= ") + text(value);
    }

    private static String text(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
