package dev.rustyonions.bus.console;

/**
 * A moment, for what is shown and for what is measured. The clock may be set. So the time between
 * two moments is taken from {@link System#nanoTime}.
 *
 * @param millis of the clock, in milliseconds of the epoch
 * @param nanos of {@link System#nanoTime}
 */
record Moment(long millis, long nanos) {
    static Moment now() {
        return new Moment(System.currentTimeMillis(), System.nanoTime());
    }

    /** The time from an earlier moment to this one, in milliseconds. */
    long millisSince(Moment earlier) {
        return (nanos - earlier.nanos) / 1_000_000;
    }
}
