package dev.rustyonions.bus.bench.gate;

/**
 * One measurement of a figure.
 *
 * @param value what was measured
 * @param others the share of the processors that other processes had meanwhile, 0 to 1
 */
record Round(double value, double others) {
    /**
     * With more than this, threads of a crowd wait for other processes rather than for each other.
     */
    static final double MOST_OTHERS = 0.55;

    boolean isCrowdedOut() {
        return others > MOST_OTHERS;
    }
}
