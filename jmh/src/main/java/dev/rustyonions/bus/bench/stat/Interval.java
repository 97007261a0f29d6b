package dev.rustyonions.bus.bench.stat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A figure, and between which values it lies.
 *
 * <p>The interval is that of the percentile bootstrap (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13): what was measured is drawn from again and again, and the interval
 * holds the middle {@value #COVERED} of the figures that come of it. Drawing has two stages, since
 * passes of one JVM share what its compiler happened to do: first rounds are drawn, each a JVM, and
 * of each drawn round its passes.
 *
 * <p>If there is no difference, at most {@value #ERROR} of all intervals lie above it by chance, as
 * long as the passes differ more than the JVMs. Where the JVMs differ more, only their number
 * protects: three of them are all on the same wrong side one time in eight, five one time in 32.
 *
 * @param low its lower end
 * @param figure the median of the rounds
 * @param high its upper end
 */
public record Interval(double low, double figure, double high) {
    /** The share of what is drawn that lies in the interval. */
    public static final double COVERED = 0.95;

    /** The share that may lie beyond either end. */
    public static final double ERROR = 0.025;

    private static final int DRAWS = 1_000;

    /**
     * The interval of what was measured in rounds, each a JVM of its own.
     *
     * @param seed of what is drawn: the same seed gives the same interval
     */
    public static Interval of(List<Pairs> rounds, long seed) {
        Random random = new Random(seed);
        double[] drawn = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double[] ratios = new double[rounds.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = rounds.get(random.nextInt(ratios.length)).resampled(random);
            }
            drawn[draw] = median(ratios);
        }
        Arrays.sort(drawn);
        int beyond = (int) (ERROR * DRAWS);
        return new Interval(
                drawn[beyond],
                median(rounds.stream().mapToDouble(Pairs::ratio).toArray()),
                drawn[DRAWS - 1 - beyond]);
    }

    /** The one in the middle; between the two there if their number is even. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Both ends, for people. */
    public String ends() {
        return String.format(Locale.ROOT, "%.2f to %.2f", low, high);
    }
}
