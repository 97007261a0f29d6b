package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Settings;

import java.util.concurrent.locks.LockSupport;

/** Waits for a moment: spins, or sleeps, so that receivers get the core. */
final class Pace {
    static final boolean SPINS = Settings.spins();

    /** What a sleep is likely to overshoot by. */
    private static final long SLEEP_SLACK = 60_000;

    private Pace() {}

    static void until(long due) {
        long left = due - System.nanoTime();
        while (left > 0) {
            if (SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(Math.max(1, left - SLEEP_SLACK));
            }
            left = due - System.nanoTime();
        }
    }

    static String describe() {
        return SPINS ? "the publisher spins" : "the publisher sleeps between events";
    }
}
