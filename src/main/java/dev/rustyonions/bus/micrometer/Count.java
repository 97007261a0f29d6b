package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.micrometer.Readings.Reading;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * A counter of a reading. It never shows less than before, also to a thread that still holds an
 * older reading, and keeps its last value when what it counts is gone: registries that report
 * differences would report a negative one.
 */
final class Count {
    private final Readings readings;
    private final ToLongFunction<Reading> of;
    private final AtomicLong shown = new AtomicLong();

    Count(Readings readings, ToLongFunction<Reading> of) {
        this.readings = readings;
        this.of = of;
    }

    double value() {
        long now = of.applyAsLong(readings.current());
        return shown.accumulateAndGet(now, Math::max);
    }
}
