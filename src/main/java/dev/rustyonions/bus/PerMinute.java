package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * A limit of so many permits a minute, however many threads ask together. A minute begins with the
 * first permit after the one before is over. Lock-free.
 */
final class PerMinute {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final VarHandle CURRENT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "current",
                    VarHandle.class,
                    PerMinute.class,
                    Minute.class);

    /**
     * A minute and its permits in one piece, so that one compare-and-set counts a permit for the
     * minute that it was asked in. Two cells would let permits of one minute count in the next.
     */
    private record Minute(long began, int permits) {}

    private final int limit;

    private volatile @Nullable Minute current;

    /**
     * Makes a limit.
     *
     * @param limit how many permits a minute, from 0 up
     */
    PerMinute(int limit) {
        this.limit = limit;
    }

    /**
     * Takes a permit if there is one left.
     *
     * @param now nanoseconds as {@link System#nanoTime} gives them
     */
    boolean permits(long now) {
        while (limit > 0) {
            Minute minute = current;
            Minute next;
            if (minute == null || now - minute.began >= MINUTE) {
                next = new Minute(now, 1);
            } else if (minute.permits < limit) {
                next = new Minute(minute.began, minute.permits + 1);
            } else {
                return false;
            }
            if (CURRENT.compareAndSet(this, minute, next)) {
                return true;
            }
        }
        return false;
    }
}
