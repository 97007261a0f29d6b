package dev.rustyonions.bus.bench.against;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.run.Interleaved;
import dev.rustyonions.bus.bench.stat.Interval;
import dev.rustyonions.bus.bench.stat.Pairs;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Compares this tree with another version of the library, operation by operation, and says which
 * became slower or faster.
 *
 * <p>{@code ROUNDS} is how many JVMs measure each comparison, five unless told otherwise; {@code
 * RON_BENCH_ONLY} names some of the comparisons, separated by commas.
 */
public final class Against {
    /** At least one operation is slower than in the other version. */
    private static final int EXIT_SLOWER = 1;

    private static final List<String> COMPARISONS =
            List.of(
                    "publish",
                    "submit",
                    "drain",
                    "receive",
                    "drain-lossless",
                    "create",
                    "subscribe");

    private final Map<String, List<Pairs>> rounds = new LinkedHashMap<>();
    private final Report report = new Report();

    private Against() {}

    /**
     * Measures and prints.
     *
     * @param classes the compiled classes of the other version
     * @return the exit status: 0, or 1 if something is slower
     */
    public static int run(Path classes) throws Exception {
        if (!Files.isDirectory(classes.resolve("dev/rustyonions/bus"))) {
            throw new IllegalArgumentException(
                    "against: no compiled classes of the library in \"" + classes + "\"");
        }
        return new Against().measure(classes);
    }

    private int measure(Path classes) throws Exception {
        List<String> comparisons = chosen(Settings.get("RON_BENCH_ONLY"));
        int count = Settings.positive("ROUNDS", 5);
        long seed = Settings.seed();
        System.out.println(Report.machine() + "; seed " + seed);
        Random seeds = new Random(seed);
        for (int round = 1; round <= count; round++) {
            for (String comparison : comparisons) {
                System.out.print("\r[round " + round + "] " + comparison + " ".repeat(20));
                System.out.flush();
                List<String> options = new ArrayList<>(Interleaved.options());
                options.add(Settings.seedOption(seeds.nextLong()));
                for (Row row : Rows.fork(options, "versions", comparison, classes.toString())) {
                    rounds.computeIfAbsent(
                                    comparison + "/" + row.cells().get(Versions.SIDE),
                                    name -> new ArrayList<>())
                            .add(Versions.pairs(row));
                }
            }
        }
        System.out.println();
        boolean isSlower = false;
        for (Map.Entry<String, List<Pairs>> side : rounds.entrySet()) {
            Interval ratio = Interval.of(side.getValue(), seed);
            Difference difference = Difference.of(ratio);
            isSlower |= difference == Difference.SLOWER;
            report.add(
                    Row.of("This tree to the other version: time of an operation")
                            .with("operation", side.getKey())
                            .with("ratio", three(ratio.figure()))
                            .with("from", three(ratio.low()))
                            .with("to", three(ratio.high()))
                            .with("rounds", rounds(side.getValue()))
                            .with("verdict", difference.name()));
        }
        report.write(Path.of("target", "perf-against"));
        return isSlower ? EXIT_SLOWER : 0;
    }

    private static String rounds(List<Pairs> rounds) {
        return rounds.stream().map(round -> three(round.ratio())).collect(Collectors.joining(" "));
    }

    private static List<String> chosen(@Nullable String only) {
        if (only == null) {
            return COMPARISONS;
        }
        List<String> chosen = Arrays.asList(only.split(",", -1));
        if (!COMPARISONS.containsAll(chosen)) {
            throw new IllegalArgumentException(
                    "RON_BENCH_ONLY: \"" + only + "\" names something beside " + COMPARISONS);
        }
        return chosen;
    }

    private static String three(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }
}
