package dev.rustyonions.bus.sse;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of events that could not be encoded: one warning a minute at most, with the number of
 * those not logged since the last. Says nothing of what an event holds, nor of the message of what
 * was thrown, which may quote it.
 */
final class EncodingLog {
    private static final System.Logger LOG = System.getLogger("dev.rustyonions.bus.sse");
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final String bus;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong unlogged = new AtomicLong();

    EncodingLog(String bus) {
        this.bus = bus;
    }

    void failed(long sequence, Exception e) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + PAUSE)) {
            unlogged.incrementAndGet();
            return;
        }
        LOG.log(
                Level.WARNING,
                "bus {0}: message {1} could not be encoded and is sent to nobody: {2}; {3} more"
                        + " since the last warning",
                bus,
                Long.toString(sequence),
                e.getClass().getName(),
                Long.toString(unlogged.getAndSet(0)));
    }
}
