package dev.rustyonions.bus.sse;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks for writes that take too long, and cuts them off. A thread looks at all clients four times
 * in the time allowed, so no timer is set for a write. The thread is there while there are clients.
 *
 * <p>It is a platform thread: before JDK 24 a blocked write may pin its carrier, and when all
 * carriers are pinned, a virtual thread could not come to end that.
 */
final class WriteWatch {
    private static final System.Logger LOG = System.getLogger("dev.rustyonions.bus.sse");

    private static final int LOOKS = 4;

    /** However long a write may take, the thread notices soon that the last client has gone. */
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final long timeoutNanos;
    private final Set<Write> writes = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();

    WriteWatch(Duration timeout) {
        long nanos;
        try {
            nanos = timeout.toNanos();
        } catch (ArithmeticException e) {
            nanos = Long.MAX_VALUE / 2;
        }
        timeoutNanos = Math.min(nanos, Long.MAX_VALUE / 2);
    }

    void add(Write write) {
        writes.add(write);
        startIfNeeded();
    }

    void remove(Write write) {
        writes.remove(write);
    }

    private void startIfNeeded() {
        if (watching.compareAndSet(false, true)) {
            try {
                Thread.ofPlatform().daemon().name("ron-bus-sse-write-watch").start(this::watch);
            } catch (Throwable e) {
                watching.set(false); // no memory for a thread, for instance: the next client tries
                throw e;
            }
        }
    }

    private void watch() {
        do {
            try {
                watchUntilAllHaveGone();
            } finally {
                watching.set(false);
            }
            // One that came between the look and this found the watch still on.
        } while (!writes.isEmpty() && watching.compareAndSet(false, true));
    }

    private void watchUntilAllHaveGone() {
        while (!writes.isEmpty()) {
            LockSupport.parkNanos(this, Math.clamp(timeoutNanos / LOOKS, 1, LONGEST_PAUSE));
            long now = System.nanoTime();
            writes.forEach(write -> cutOffIfBegunBefore(write, now - timeoutNanos));
        }
    }

    private static void cutOffIfBegunBefore(Write write, long time) {
        try {
            write.cutOffIfBegunBefore(time);
        } catch (Throwable e) {
            // The write itself has been ended by then. The others must not go unwatched.
            LOG.log(Level.WARNING, "a receiver could not be closed: {0}", e.getClass().getName());
        }
    }
}
