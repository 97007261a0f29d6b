package dev.rustyonions.bus.nats;

import java.time.Duration;
import java.util.Objects;

/** The rules for durations given by callers. */
final class Bounds {
    /** More than anybody waits for, and small enough to be added to a reading of the clock. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Bounds() {}

    /** The duration, if it is more than zero. */
    static Duration positive(String name, Duration given) {
        Objects.requireNonNull(given, name);
        if (given.isZero() || given.isNegative()) {
            throw new IllegalArgumentException(
                    name + "(" + given + "): allowed are durations of more than zero");
        }
        return given;
    }

    /** The duration, or the longest that can be counted with. */
    static Duration saturated(Duration given) {
        return given.compareTo(LONGEST) > 0 ? LONGEST : given;
    }
}
