package dev.rustyonions.bus.bench.stat;

import java.util.Arrays;
import java.util.List;

/**
 * The median of several runs, and their quartiles.
 *
 * @param low a quarter of the runs lies below
 * @param median half of the runs lies below
 * @param high a quarter of the runs lies above
 */
public record Spread(double low, double median, double high) {
    /**
     * The spread of runs, at least one. What falls between two of them is as far between them in
     * value as in rank (Hyndman and Fan, Sample quantiles in statistical packages, 1996, definition
     * 7).
     */
    public static Spread of(List<Double> runs) {
        double[] sorted = runs.stream().mapToDouble(Double::doubleValue).toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no runs");
        }
        Arrays.sort(sorted);
        return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double quantile) {
        double place = quantile * (sorted.length - 1);
        int below = (int) place;
        double above = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (place - below) * (above - sorted[below]);
    }
}
