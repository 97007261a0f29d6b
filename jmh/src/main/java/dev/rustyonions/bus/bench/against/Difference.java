package dev.rustyonions.bus.bench.against;

import dev.rustyonions.bus.bench.stat.Interval;

/** What the interval of a ratio between two versions says. */
enum Difference {
    /** This tree takes longer, by more than {@link #TELLING}. */
    SLOWER,

    /** This tree takes less time, by more than {@link #TELLING}. */
    FASTER,

    /** If there is a difference, it is less than {@link #TELLING}. */
    SAME,

    /** More rounds are needed, or a quieter machine. */
    UNDECIDED;

    /**
     * A factor that tells of a difference. The same source, compiled twice into one JVM, lies in
     * different places, and that alone makes a few hundredths.
     */
    static final double TELLING = 1.05;

    static Difference of(Interval ratio) {
        if (ratio.low() > TELLING) {
            return SLOWER;
        }
        if (ratio.high() < 1 / TELLING) {
            return FASTER;
        }
        return ratio.low() >= 1 / TELLING && ratio.high() <= TELLING ? SAME : UNDECIDED;
    }
}
