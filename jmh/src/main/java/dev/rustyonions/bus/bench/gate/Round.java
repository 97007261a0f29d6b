package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.stat.Pairs;

/**
 * One measurement of a figure, in a JVM of its own.
 *
 * @param pairs what was measured
 * @param others the share of the processors that other processes had meanwhile, 0 to 1
 */
record Round(Pairs pairs, double others) {
    /**
     * With more than this, threads of a crowd wait for other processes rather than for each other.
     */
    static final double MOST_OTHERS = 0.55;

    double value() {
        return pairs.ratio();
    }

    boolean isCrowdedOut() {
        return others > MOST_OTHERS;
    }
}
