package dev.rustyonions.bus.nats;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One kind of line in the log: one a minute at most, with the number of those not logged since the
 * last. The lines say nothing of what an event holds, nor of the message of what was thrown, which
 * may quote it.
 */
final class RareLog {
    private static final System.Logger LOG = System.getLogger("dev.rustyonions.bus.nats");
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final String who;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong unlogged = new AtomicLong();

    /** The log of one export or import. */
    RareLog(String who) {
        this.who = who;
    }

    void warn(String what) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + PAUSE)) {
            unlogged.incrementAndGet();
            return;
        }
        LOG.log(
                Level.WARNING,
                "{0}: {1}; {2} more since the last warning of this kind",
                who,
                what,
                Long.toString(unlogged.getAndSet(0)));
    }
}
