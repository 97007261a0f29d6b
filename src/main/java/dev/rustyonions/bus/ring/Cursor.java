package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One receiver's place on a {@link Channel}: what it reads next, what it has read and missed, and
 * how it waits.
 *
 * <p>Thread safety: the protected methods are for the one thread that uses the receiver; {@link
 * #end} and the counters are for any thread. Two threads that wait on one cursor are found out and
 * told.
 */
public abstract class Cursor {
    /*
     * Reading
     * -------
     * One acquire load of the cursor's slot and one comparison tell all: the sequence there is the
     * cursor's, and that is the message; it is smaller, or the slot is null, and nothing is
     * published there yet; it is larger, and the cursor has been lapped.
     *
     * Lag
     * ---
     * A lapped cursor goes on from the oldest message retained: a capacity below the tail, which is
     * searched for, since a batch leaves the hint behind for its whole length. If the slot there is
     * overwritten before it is read, the tail is looked for again, a bounded number of times; then
     * what is there is taken, and everything below it counted as missed. (Giving up at once would
     * often resume at the newest instead of the oldest.) The message found is immutable and is held for
     * the next call, so between two lags a receiver is given at least one message, however fast
     * publishers overwrite.
     *
     * Waiting
     * -------
     * The arming protocol is in WaitStack. While armed a cursor only looks: it takes the message
     * and moves on after it has disarmed, and thereby served the wake-ups handed to it; no user
     * code runs before. `waiting` names the thread between entry and exit, for whoever closes the
     * receiver, and finds out a second thread. The closing side ends the account, then reads
     * `waiting`; the waiting side sets it (volatile), then reads whether the account is live; both
     * volatile, so one of them sees the other.
     *
     * With a linger a cursor that ran dry first sleeps that long without enlisting, like a network
     * driver that turns from interrupts to polling: while events keep coming publishers find nobody
     * to wake. What arrives during the sleep is seen at its end. Only if there is still nothing
     * does the cursor enlist, and from then on a publish wakes it. Nothing can be stuck longer than
     * the linger, and who closes the receiver ends the sleep by `waiting`.
     *
     * A thread of a ForkJoinPool that waits tells its pool (ForkJoinPool.managedBlock), which then
     * runs other tasks, the one that publishes perhaps, on another thread. Virtual threads need
     * none of that.
     *
     * Errors
     * ------
     * The stack is probed before anything is armed, and what a first call would link has been
     * linked by WarmUp; everything between arming and disarming is in one try whose finally disarms.
     *
     * A receive does not probe. Instead it looks first (peek), which changes nothing, and takes last
     * (takeDelivered, takeFiltered): one call that either does all of its step or, if it overflows,
     * nothing of it; see Account. After it a receive only returns. So a receive that throws has
     * taken nothing, and there is no gap. A message handed to a handler is taken before the handler
     * is called: it counts as delivered though the handler should overflow at once.
     *
     * A lag probes before it moves the position, and is told again until the caller says that it
     * has been told, so an error in between costs no count.
     */

    /**
     * How often a lagging cursor looks for the oldest message anew before it takes what it finds.
     */
    private static final int OLDEST_TRIES = 16;

    /** A wait without a time limit, for {@link #await}. */
    protected static final long FOREVER = Long.MAX_VALUE;

    private static final VarHandle WAITING =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "waiting", VarHandle.class, Cursor.class, Thread.class);
    private static final VarHandle HELD =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "held", VarHandle.class, Cursor.class, Object.class);

    private final Channel channel;
    private final Ring ring;
    private final Account account;
    private final boolean latestOnLag;
    private final long lingerNanos;
    private final @Nullable Amnesia amnesia;

    /**
     * The message a lag ended at, for the next call. Written by the owner, and cleared by the thread
     * that ends the cursor: hence volatile from the lag to the end. The owner may miss the clearing
     * for a moment; it then delivers a message that it found before the end.
     */
    private @Nullable Object held;

    /** The node of an earlier wait that may still be enlisted. Owner only. */
    private @Nullable WaitNode node;

    /** Whether that node is on the stack of virtual threads. Owner only. */
    private boolean nodeIsVirtual;

    /** The thread inside {@link #await}. */
    private volatile @Nullable Thread waiting;

    /** The last lag. Owner only. */
    private long lagFrom;

    private long lagMissed;

    /** Whether the last lag has still to be told. Owner only. */
    private boolean untold;

    /**
     * Subscribes.
     *
     * @param start where to begin
     * @param latestOnLag whether a lag resumes at the newest message rather than the oldest
     *     retained
     * @param label what this receiver is called by those who are told of it, or null
     * @throws IllegalArgumentException if the start is above the tail
     */
    protected Cursor(Channel channel, Start start, boolean latestOnLag, @Nullable Object label) {
        this.channel = channel;
        this.ring = channel.ring();
        this.latestOnLag = latestOnLag;
        this.lingerNanos = channel.lingerNanos();
        this.amnesia = channel.amnesia();
        Receivers receivers = channel.receivers();
        receivers.sweep();
        StackProbe.touch(); // a receiver must not be left half entered
        receivers.enter();
        boolean listed = false;
        try {
            long tail = ring.tail();
            long from = start.position(tail, ring.capacity(), channel.forgottenTo());
            account = new Account(this, from, tail, label);
            receivers.add(account);
            listed = true;
        } finally {
            if (!listed) {
                receivers.leave();
            }
            receivers.entered();
            channel.forget(); // which others left to this receiver
        }
    }

    // ---- taking ----

    /**
     * Looks at what is next: a message, which {@link #takeDelivered} or {@link #takeFiltered} then
     * takes, or a {@link Signal}. Does not wait. Moves nothing, except over a loss.
     */
    protected final Object peek() {
        Account account = this.account;
        if (!account.isLive()) {
            return ended();
        }
        if (held != null) {
            return peekHeld();
        }
        long at = account.positionPlain();
        Object cell = ring.cell(at);
        if (cell != null && ring.sequenceOf(cell) == at) {
            return cell;
        }
        return peekOther(at, cell);
    }

    /**
     * Takes the message that {@link #peek} has just returned, counted as delivered. If this throws,
     * nothing has been taken.
     *
     * @param sequence the message's; not read from the account, which another thread may end
     */
    protected final void takeDelivered(long sequence) {
        Account account = this.account;
        if (account.inHandPlain()) {
            account.deliverInHand();
            held = null;
        } else {
            account.deliver(sequence + 1, account.deliveredPlain() + 1);
        }
        if (amnesia != null) {
            try {
                amnesia.passed();
            } catch (StackOverflowError | OutOfMemoryError e) {
                // The message is taken and must reach the caller; it goes with the next event.
            }
        }
    }

    /**
     * Takes the message that {@link #peek} has just returned, counted as filtered: before the filter
     * runs, so that the account holds if the filter throws. If this throws, nothing has been taken.
     *
     * @param sequence the message's
     */
    protected final void takeFiltered(long sequence) {
        Account account = this.account;
        if (account.inHandPlain()) {
            account.filterInHand();
            held = null;
        } else {
            account.filter(sequence + 1);
        }
        if (amnesia != null) {
            try {
                amnesia.passed();
            } catch (StackOverflowError | OutOfMemoryError e) {
                // As above.
            }
        }
    }

    /** Counts the message just counted as filtered as delivered instead. */
    protected final void countPassed() {
        account.deliverFiltered();
    }

    /**
     * Takes and hands over messages one after the other, counted as delivered, until something else
     * than the next message stands at the cursor. Does what {@link #peek} and {@link
     * #takeDelivered} in a loop would, with the cursor in a register instead of memory.
     *
     * @param max how many at most
     * @param limit the sequence to stop before
     * @param handler called with each message; may use this cursor itself
     * @return how many were handed over
     */
    protected final int takeRun(int max, long limit, Consumer<Object> handler) {
        Account account = this.account;
        if (held != null) {
            return 0;
        }
        // Fields that never change, in registers: the loads in the loop are ordered, and every
        // field would have to be loaded again after each.
        Ring ring = this.ring;
        @Nullable Object[] slots = ring.slots;
        int mask = ring.mask;
        Amnesia amnesia = this.amnesia;
        long at = account.positionPlain();
        long delivered = account.deliveredPlain();
        int most = Math.clamp(limit - at, 0, max);
        int left = most;
        while (left > 0 && account.isLive()) {
            Object cell = Ring.cellOf(slots, mask, at);
            if (ring.sequenceOf(cell) != at) {
                break;
            }
            at++;
            account.deliver(at, ++delivered);
            if (amnesia != null) {
                try {
                    amnesia.passed();
                } catch (StackOverflowError | OutOfMemoryError e) {
                    // As above.
                }
            }
            left--;
            handler.accept(cell);
            if (account.positionPlain() != at) {
                // The handler has received from this cursor itself, or it has ended: a message, a
                // lag and the end each move the position. Hence no look at a held message either.
                break;
            }
        }
        return most - left;
    }

    private Object peekHeld() {
        if (untold) {
            return Signal.LAGGED;
        }
        Object message = HELD.getVolatile(this);
        return message == null ? ended() : message; // only the end of the cursor drops it
    }

    private Object peekOther(long at, @Nullable Object cell) {
        if (at == Account.SETTLED) {
            return ended(); // since peek looked
        }
        if (untold) {
            return Signal.LAGGED;
        }
        if (cell instanceof Terminal terminal) {
            if (at == terminal.sequence) {
                channel.wakeLeftover();
                channel.end(account, Signal.BUS_CLOSED);
                return ended();
            }
            Object displaced = terminal.displaced;
            if (displaced != null && ring.sequenceOf(displaced) == at) {
                return displaced;
            }
            return lag(at, cell);
        }
        return cell == null || ring.sequenceOf(cell) < at ? Signal.EMPTY : lag(at, cell);
    }

    /**
     * Resumes from the oldest or newest message left, given the cell found in the slot of {@code
     * at}.
     */
    private Object lag(long at, Object lapping) {
        StackProbe.touch(); // the position must not move without the loss being counted
        Object found = lapping;
        long to = latestOnLag ? ring.tail() - 1 : oldest(at);
        Object message = null;
        int tries = 0;
        while (message == null) {
            found = ring.cell(to);
            if (found instanceof Terminal terminal) {
                if (to >= terminal.sequence) {
                    break; // all that was left has been forgotten
                }
                Object displaced = terminal.displaced;
                if (displaced != null && ring.sequenceOf(displaced) == to) {
                    message = displaced;
                } else {
                    to++;
                }
            } else if (ring.sequenceOf(found) == to || tries >= OLDEST_TRIES) {
                message = found;
                to = ring.sequenceOf(found);
            } else {
                tries++;
                to = latestOnLag ? ring.tail() - 1 : oldest(to);
            }
        }
        return resume(at, to, message);
    }

    /** The oldest message that may be left, at least {@code at}. */
    private long oldest(long at) {
        return Math.max(at, ring.tail() - ring.capacity());
    }

    private Object resume(long at, long to, @Nullable Object message) {
        long lost = to - at;
        if (!account.skip(at, message == null ? to : to + 1)) {
            if (account.isLive()) {
                throw misused("another thread has received from ");
            }
            return ended();
        }
        account.setInHand(message != null);
        channel.receivers().countLost(account.countMissed(at, lost));
        lagFrom = at;
        lagMissed = lost;
        untold = true;
        HELD.setVolatile(this, message);
        // Either this read finds the account ended, or the thread that ends it after this read
        // finds
        // the message and drops it.
        if (!account.isLive()) {
            HELD.setVolatile(this, (Object) null);
        }
        channel.forget(); // the message in hand needs its slot no more
        return Signal.LAGGED;
    }

    /** What an ended cursor has to say; the message in hand, if there is one, goes. */
    private Signal ended() {
        HELD.setVolatile(this, (Object) null);
        return Objects.requireNonNull(account.ended());
    }

    /**
     * To be called when the caller has what it needs to tell the lag; until then {@link #peek}
     * returns it again, so that an error in between loses nothing.
     */
    protected final void lagTold() {
        untold = false;
    }

    /** The first sequence lost by the lag last returned. */
    protected final long lagFrom() {
        return lagFrom;
    }

    /** How many messages that lag cost; at least 1. */
    protected final long lagMissed() {
        return lagMissed;
    }

    /** The tail at the subscription: what is below was published before. */
    protected final long subscribedAt() {
        return account.subscribedAt;
    }

    // ---- waiting ----

    /**
     * Blocks until there is something to {@link #peek} at, the thread is interrupted, or the time is
     * up. May return early.
     *
     * @param nanos how long at most, in nanoseconds; {@link #FOREVER} for no limit
     * @throws IllegalStateException if another thread is waiting on this cursor
     */
    protected final void await(long nanos) {
        StackProbe.touch();
        Thread self = Thread.currentThread();
        if (!WAITING.compareAndSet(this, null, self)) {
            throw misused("another thread is waiting on ");
        }
        try {
            long began = nanos == FOREVER && lingerNanos == 0 ? 0 : System.nanoTime();
            if (self instanceof ForkJoinWorkerThread) {
                awaitInPool(self, began, nanos);
            } else {
                awaitAlone(self, began, nanos);
            }
        } finally {
            WAITING.setRelease(this, null);
        }
    }

    /** Waits as a thread of a pool that can run its other tasks on another thread meanwhile. */
    private void awaitInPool(Thread self, long began, long nanos) {
        StackProbe.touch(StackProbe.POOL_FRAMES);
        var blocker =
                new ForkJoinPool.ManagedBlocker() {
                    private boolean waited;

                    @Override
                    public boolean block() {
                        waited = true;
                        awaitAlone(self, began, nanos);
                        return true;
                    }

                    @Override
                    public boolean isReleasable() {
                        return waited || !mayPark(self);
                    }
                };
        try {
            ForkJoinPool.managedBlock(blocker);
        } catch (RejectedExecutionException e) {
            // The pool may have no more threads than it has: then this one waits without another.
            if (!blocker.waited) {
                awaitAlone(self, began, nanos);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the blocker above throws none", e);
        }
    }

    private void awaitAlone(Thread self, long began, long nanos) {
        if (lingerNanos > 0) {
            // Not enlisted: publishers do not know of this thread and do nothing for it.
            sleepWhileDry(self, began, Math.min(lingerNanos, nanos));
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
        WaitStack stack = channel.stackFor(self);
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
        return isDry() && account.isLive() && !self.isInterrupted();
    }

    /** Whether nothing is published at the cursor. Moves nothing. */
    private boolean isDry() {
        long at = account.positionPlain();
        Object cell = ring.cell(at);
        return !(cell instanceof Terminal) && ring.sequenceOf(cell) < at;
    }

    /** Throws if another thread is waiting on this cursor. */
    protected final void checkOwner() {
        if (waiting != null) {
            throw misused("another thread is waiting on ");
        }
    }

    private IllegalStateException misused(String how) {
        return new IllegalStateException(
                how
                        + this
                        + "; a receiver belongs to one thread at a time: subscribe once per task");
    }

    // ---- any thread ----

    /**
     * Ends the subscription: nothing more is taken, and the thread waiting here, if any, returns.
     * Idempotent.
     */
    protected final void end() {
        // Throws before the account has ended or not at all. What follows would be wrong before: a
        // message dropped from a cursor that goes on.
        channel.end(account, Signal.RECEIVER_CLOSED);
        HELD.setVolatile(this, (Object) null);
        Thread owner = waiting;
        if (owner != null) {
            channel.stackFor(owner).unpark(owner);
        }
    }

    /** Why the subscription has ended, or null while it goes on. */
    protected final @Nullable Signal endedBy() {
        return account.ended();
    }

    /** Messages handed to the caller so far. */
    public final long delivered() {
        return account.delivered();
    }

    /** Messages refused by the filter so far; one more while the filter looks at one. */
    public final long filtered() {
        return account.filtered();
    }

    /** Messages missed so far, as told by lags. */
    public final long missed() {
        return account.missed();
    }

    /** Messages published and not yet read, 0 to the capacity; 0 once closed. */
    public final int depth() {
        long cursor = account.cursor();
        return account.isLive() ? Math.clamp(ring.tail() - cursor, 0, ring.capacity()) : 0;
    }

    /** The sequence the next message will have, or of the end. */
    protected final long tail() {
        return ring.tail();
    }

    /** The capacity of the channel. */
    protected final int capacity() {
        return ring.capacity();
    }
}
