package dev.rustyonions.bus.nats;

import java.util.concurrent.TimeUnit;

/**
 * Since when an import has listened without a break: it could read its stream, and looked. In a
 * break something may have been said that it has not heard yet. One thread owns it.
 */
final class Listening {
    /** Not to look for so long is a break: the process was stopped, or the thread waited. */
    private static final long BREAK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long lookedAt;
    private long brokenAt;

    /**
     * Begins.
     *
     * @param now the time, by {@link System#nanoTime}, as everywhere here
     */
    Listening(long now) {
        lookedAt = now;
        brokenAt = now;
    }

    /** Looks for a message, whether there is one or not. */
    void look(long now, boolean isReading) {
        if (!isReading || now - lookedAt > BREAK_NANOS) {
            brokenAt = now;
        }
        lookedAt = now;
    }

    /** When the last break ended, or has not ended yet. */
    long brokenAt() {
        return brokenAt;
    }
}
