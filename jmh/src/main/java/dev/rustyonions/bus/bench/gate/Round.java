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
     * With more than this, threads of a crowd wait for other processes as much as for each other.
     * One process that never waits has 0.42 to 0.49 of two processors beside a crowd.
     */
    static final double MOST_OTHERS = 0.35;

    double value() {
        return pairs.ratio();
    }

    boolean isCrowdedOut() {
        return others > MOST_OTHERS;
    }
}
