package dev.rustyonions.bus.bench.stat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The times that a subject and a baseline took in one JVM, in passes: each pass took both, one
 * right after the other. Immutable.
 *
 * <p>The ratio is that of a low quantile of each side. What else the machine does can only add to a
 * time, so the low ones are those of the code. A low quantile, unlike the lowest, does not hang on
 * one lucky pass.
 */
public final class Pairs {
    /** The quantile of times that nothing but other load can make longer. */
    public static final double LOW = 0.25;

    /** The quantile of what differs by its own nature: threads that contend or wait. */
    public static final double MIDDLE = 0.5;

    private final double[] subject;
    private final double[] baseline;
    private final double quantile;

    /** The passes of each side by rising time. */
    private final int[] subjectOrder;

    private final int[] baselineOrder;

    private Pairs(double[] subject, double[] baseline, double quantile) {
        if (subject.length == 0 || subject.length != baseline.length) {
            throw new IllegalArgumentException(
                    subject.length
                            + " times of the subject and "
                            + baseline.length
                            + " of the baseline; as many are needed, at least one");
        }
        this.subject = subject.clone();
        this.baseline = baseline.clone();
        this.quantile = quantile;
        this.subjectOrder = order(this.subject);
        this.baselineOrder = order(this.baseline);
    }

    /**
     * The passes of one JVM, in the order in which they were taken.
     *
     * @param quantile which quantile of each side makes the ratio, from 0 up to but not including 1
     */
    public static Pairs of(double[] subject, double[] baseline, double quantile) {
        return new Pairs(subject, baseline, quantile);
    }

    /** A value that comes from its JVM as one number: a count, or a ratio of many threads. */
    public static Pairs single(double value) {
        return new Pairs(new double[] {value}, new double[] {1}, MIDDLE);
    }

    private static int[] order(double[] times) {
        return IntStream.range(0, times.length)
                .boxed()
                .sorted((a, b) -> Double.compare(times[a], times[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** How many passes there are. */
    public int passes() {
        return subject.length;
    }

    /** The ratio between the quantiles of the two sides. */
    public double ratio() {
        int[] once = new int[subject.length];
        Arrays.fill(once, 1);
        return ratio(once);
    }

    /**
     * The ratio in a sample of the passes, drawn with replacement.
     *
     * <p>Passes are drawn in blocks of neighbours, around the end (Politis and Romano, A circular
     * block-resampling procedure for stationary data, 1992): a slow spell of the machine lasts for
     * some passes, and passes drawn one by one would count it as so many accidents. A block has the
     * cube root of the number of passes (Hall, Horowitz and Jing, On blocking rules for the
     * bootstrap with dependent data, 1995).
     */
    double resampled(Random random) {
        int passes = subject.length;
        int block = (int) Math.ceil(Math.cbrt(passes));
        int[] times = new int[passes];
        for (int drawn = 0; drawn < passes; drawn += block) {
            int first = random.nextInt(passes);
            for (int i = 0; i < Math.min(block, passes - drawn); i++) {
                times[(first + i) % passes]++;
            }
        }
        return ratio(times);
    }

    private double ratio(int[] times) {
        return quantile(subject, subjectOrder, times) / quantile(baseline, baselineOrder, times);
    }

    /** The quantile of times of which each counts so many times. */
    private double quantile(double[] sorted, int[] order, int[] counts) {
        int left = (int) (quantile * order.length);
        int at = 0;
        while (left >= counts[order[at]]) {
            left -= counts[order[at]];
            at++;
        }
        return sorted[order[at]];
    }
}
