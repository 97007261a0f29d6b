package dev.rustyonions.bus.ring;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/** How a thread of a {@link ForkJoinPool} waits. */
final class PoolWait {
    private PoolWait() {}

    /**
     * Tells the pool of the current thread that it is going to wait, and waits. The pool may run
     * its other tasks on another thread meanwhile; a task that ends the wait may be one of them.
     *
     * @param wait does so, and returns when it is over
     * @param needless whether there is nothing to wait for any more
     * @throws RuntimeException what the wait has thrown
     */
    static void run(Runnable wait, BooleanSupplier needless) {
        StackProbe.requireRoom(StackProbe.POOL_FRAMES);
        var blocker =
                new ForkJoinPool.ManagedBlocker() {
                    private boolean waited;

                    @Override
                    public boolean block() {
                        waited = true;
                        wait.run();
                        return true;
                    }

                    @Override
                    public boolean isReleasable() {
                        return waited || needless.getAsBoolean();
                    }
                };
        try {
            ForkJoinPool.managedBlock(blocker);
        } catch (RejectedExecutionException e) {
            if (blocker.waited) {
                throw e; // of the wait itself: it has unparked a thread whose scheduler refused it
            }
            // The pool may start no further thread. Then this one waits without a substitute.
            wait.run();
        } catch (InterruptedException e) {
            throw new AssertionError("the blocker above throws none", e);
        }
    }
}
