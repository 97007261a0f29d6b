package dev.rustyonions.bus.bench.run;

/**
 * What a run of publishers and receivers came to; every account of it balanced.
 *
 * @param published events published
 * @param delivered events received, over all receivers
 * @param missed events not received, over all receivers, by the gaps that their handlers saw
 * @param waits publishes that had to wait
 * @param nanos from the first publish to the last
 * @param drainedNanos from the first publish until the last receiver had ended
 */
record Outcome(
        long published, long delivered, long missed, long waits, long nanos, long drainedNanos) {

    /** What counts as no loss: less than 0.01 %. */
    private static final double NO_LOSS = 1e-4;

    double publishedPerSecond() {
        return published * 1e9 / nanos;
    }

    double deliveredPerSecond() {
        return delivered * 1e9 / drainedNanos;
    }

    double loss() {
        return missed == 0 ? 0 : (double) missed / (delivered + missed);
    }

    boolean isLossless() {
        return loss() < NO_LOSS;
    }
}
