package dev.rustyonions.bus.bench.stat;

import java.util.Arrays;

/**
 * How a cost grows with a size n: as n to the power of an exponent. 0 is a cost that does not grow,
 * 1 one that is proportional to n.
 *
 * <p>The exponent is the slope of the straight line through the logarithms of the costs over those
 * of the sizes, by least squares. Only the upper {@value #DECADES} decades count: below them a
 * fixed cost hides what grows.
 */
public final class PowerLaw {
    /** How many decades below the largest size count. */
    public static final int DECADES = 3;

    private PowerLaw() {}

    /**
     * The exponent of what was measured.
     *
     * @param sizes above 0, at least two of them within the upper decades
     * @param costs above 0, one for each size
     */
    public static double exponent(double[] sizes, double[] costs) {
        if (sizes.length != costs.length) {
            throw new IllegalArgumentException(
                    sizes.length + " sizes and " + costs.length + " costs; as many are needed");
        }
        double least = Arrays.stream(sizes).max().orElse(0) / Math.pow(10, DECADES);
        double n = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (!(sizes[i] > 0) || !(costs[i] > 0)) {
                throw new IllegalArgumentException(
                        "size " + sizes[i] + ", cost " + costs[i] + ": both must be above 0");
            }
            if (sizes[i] >= least) {
                double x = Math.log(sizes[i]);
                double y = Math.log(costs[i]);
                n++;
                sumX += x;
                sumY += y;
                sumXx += x * x;
                sumXy += x * y;
            }
        }
        double spread = n * sumXx - sumX * sumX;
        if (n < 2 || spread <= 0) {
            throw new IllegalArgumentException(
                    Arrays.toString(sizes)
                            + ": fewer than two sizes within the upper "
                            + DECADES
                            + " decades");
        }
        return (n * sumXy - sumX * sumY) / spread;
    }
}
