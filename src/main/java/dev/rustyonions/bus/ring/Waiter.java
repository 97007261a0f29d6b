package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;

/**
 * How a receiver waits: the part of it that knows its thread and its node on a {@link WaitStack}. A
 * superclass rather than a part, so that a receiver is one object.
 *
 * <p>Thread safety: {@link #await} is for the one thread that uses the receiver, {@link
 * #unparkOwner} for any thread. If two threads wait on one receiver, the second is told.
 */
abstract class Waiter implements Subscriber {
    /*
     * One wait
     * --------
     *     waiting = this thread
     *     linger: sleep for a while without enlisting      only if the channel lingers
     *     arm a node                                       from here on a publish finds it
     *     full fence
     *     look: is there still nothing?
     *     park                                             again and again, until one of these ends
     *     it disarm, serve the wake-ups handed over
     *     waiting = null
     *
     * Why no wake-up is lost is argued in WaitStack. While it is armed a receiver only looks. It
     * takes its message after it has disarmed, and so has served the wake-ups handed to it before
     * any user code runs.
     *
     * Close and wait
     * --------------
     *     closer                                           waiter
     *     1 end the account (volatile)                     1 waiting = this thread (volatile)
     *     2 read waiting (volatile)                        2 read whether the account lives
     *     (volatile)
     *     3 unpark that thread                             3 park if it does
     *
     * All four accesses are volatile, so at least one of the two sees the other. If the waiter
     * misses the end (2), its own store (1) precedes the closer's read (2), which finds the thread.
     * An unpark before the park makes the park return at once.
     *
     * Linger
     * ------
     * A receiver that ran dry first sleeps without enlisting, like a network driver that turns from
     * interrupts to polling. While events keep coming publishers find nobody to wake. What arrives
     * during the sleep is seen at its end. Only if there is still nothing does the receiver enlist,
     * and from then on a publish wakes it. Nothing waits longer than the linger because of it, and
     * the closer ends the sleep through `waiting`.
     *
     * Fork-join threads
     * -----------------
     * A thread of a ForkJoinPool tells its pool that it is going to wait (PoolWait). The pool then
     * runs its other tasks on another thread; the task that publishes may be one of them.
     * Virtual threads need none of that.
     *
     * Errors
     * ------
     * The stack is probed before anything is armed, and WarmUp has linked what a first call would
     * link. Everything between arming and disarming is in one try, whose finally disarms.
     */

    /** A wait without a time limit, for {@link #await}. */
    protected static final long FOREVER = Long.MAX_VALUE;

    private static final VarHandle WAITING =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "waiting", VarHandle.class, Waiter.class, Thread.class);

    final Channel channel;

    /** The node of an earlier wait that may still be enlisted. Owner only. */
    private @Nullable WaitNode node;

    /** Whether that node is on the stack of virtual threads. Owner only. */
    private boolean nodeIsVirtual;

    /** The thread inside {@link #await}. Set and cleared by it; read by the closer. */
    private volatile @Nullable Thread waiting;

    Waiter(Channel channel) {
        this.channel = channel;
    }

    /** Whether there is nothing to receive and the receiver has not ended. Moves nothing. */
    abstract boolean hasNothing();

    /** Called by the thread that waits: once its wait has begun, and when it is over. */
    abstract void waits(boolean begun);

    /**
     * Blocks until there is something to receive, the thread is interrupted, or the time is up. May
     * return early.
     *
     * @param nanos how long at most, in nanoseconds; {@link #FOREVER} for no limit
     * @throws IllegalStateException if another thread is waiting on this receiver
     */
    protected final void await(long nanos) {
        StackProbe.requireRoom();
        Thread self = Thread.currentThread();
        if (!WAITING.compareAndSet(this, null, self)) {
            throw misused("another thread is waiting on ");
        }
        try {
            waits(true);
            long linger = channel.lingerNanos();
            long began = nanos == FOREVER && linger == 0 ? 0 : System.nanoTime();
            if (self instanceof ForkJoinWorkerThread) {
                PoolWait.run(() -> awaitAlone(self, began, nanos), () -> !mayPark(self));
            } else {
                awaitAlone(self, began, nanos);
            }
        } finally {
            waits(false);
            WAITING.setRelease(this, null);
        }
    }

    private void awaitAlone(Thread self, long began, long nanos) {
        long linger = channel.lingerNanos();
        if (linger > 0) {
            sleepWhileDry(self, began, Math.min(linger, nanos));
        }
        if (mayPark(self)) {
            awaitEnlisted(self, began, nanos);
        }
    }

    private void sleepWhileDry(Thread self, long began, long nanos) {
        while (mayPark(self)) {
            long left = nanos - (System.nanoTime() - began);
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private void awaitEnlisted(Thread self, long began, long nanos) {
        WaitStack stack = channel.wakeUps().stackFor(self);
        // A receiver handed to a thread of the other kind starts anew on that kind's stack.
        WaitNode kept = nodeIsVirtual == self.isVirtual() ? node : null;
        WaitNode armed = stack.arm(kept, self, channel.receivers());
        try {
            VarHandle.fullFence();
            while (armed.isArmed() && mayPark(self)) {
                if (nanos == FOREVER) {
                    stack.park(this);
                    continue;
                }
                long left = nanos - (System.nanoTime() - began);
                if (left <= 0) {
                    return;
                }
                stack.parkNanos(this, left);
            }
        } finally {
            node = null; // if serving fails, none is kept: least of all one of the other kind
            nodeIsVirtual = self.isVirtual();
            node = stack.disarm(armed);
        }
    }

    private boolean mayPark(Thread self) {
        return hasNothing() && !self.isInterrupted();
    }

    /** Throws if another thread is waiting on this receiver. */
    protected final void checkOwner() {
        if (waiting != null) {
            throw misused("another thread is waiting on ");
        }
    }

    final IllegalStateException misused(String how) {
        return new IllegalStateException(
                how
                        + this
                        + "; a receiver belongs to one thread at a time: subscribe once per task");
    }

    @Override
    public final boolean isWaiting() {
        return waiting != null;
    }

    /** Ends no wait by itself: the account has ended before, or there is something to receive. */
    @Override
    public final void unparkOwner() {
        Thread owner = waiting;
        if (owner != null) {
            channel.wakeUps().stackFor(owner).unpark(owner);
        }
    }
}
