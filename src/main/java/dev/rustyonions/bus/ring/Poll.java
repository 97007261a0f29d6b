package dev.rustyonions.bus.ring;

import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what nobody announces, by looking again and again: after 50 microseconds at first, then
 * less often, down to once a millisecond. So those who bring it about pay nothing.
 */
final class Poll {
    private static final long SHORTEST = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(1);

    private Poll() {}

    /**
     * Waits until something is true, the time is up, or the thread is interrupted, with the
     * interrupt status kept.
     *
     * @param nanos how long at most; 0 or less to look once
     * @return whether it was true at the last look
     */
    static boolean until(BooleanSupplier isTrue, long nanos) {
        if (isTrue.getAsBoolean()) {
            return true;
        }
        if (nanos <= 0) {
            return false;
        }
        boolean[] found = new boolean[1];
        Runnable wait = () -> found[0] = look(isTrue, nanos);
        if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
            PoolWait.run(wait, () -> false);
        } else {
            wait.run();
        }
        return found[0];
    }

    private static boolean look(BooleanSupplier isTrue, long nanos) {
        long began = System.nanoTime();
        long pause = SHORTEST;
        while (true) {
            long left = nanos - (System.nanoTime() - began);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return isTrue.getAsBoolean();
            }
            LockSupport.parkNanos(isTrue, Math.min(pause, left));
            if (isTrue.getAsBoolean()) {
                return true;
            }
            pause = Math.min(2 * pause, LONGEST);
        }
    }
}
