package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The account of a lossless receiver: one that publishers which wait do wait for. */
final class LosslessAccount extends Account implements Passing {
    /** A patience that never ends. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private static final VarHandle RELEASED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "released",
                    VarHandle.class,
                    LosslessAccount.class,
                    boolean.class);

    /** The next account of the room. Written as {@code next} of an account is. */
    volatile @Nullable LosslessAccount nextLossless;

    private final Runnable signal;
    private final @Nullable Passing following;
    private final long patience;
    private final int strideMask;

    /**
     * The number of the thread that took a message last; 0 for none. Written by the owner, racy: a
     * thread that finds its own number has written it itself.
     */
    private long user;

    /** The same of the thread that is inside a handler of this receiver. */
    private long handling;

    /** Set once: publishers wait for it no more. */
    private volatile boolean released;

    /** What {@link #isPatienceOver} has added up. Written by waiting publishers, racy. */
    private volatile Held held = new Held(-1, 0, 0);

    /**
     * For how long publishers have waited at one position.
     *
     * @param position where the receiver stood
     * @param nanos the sum of the times waited
     * @param countedTo the clock at the end of the last of them
     */
    private record Held(long position, long nanos, long countedTo) {}

    /**
     * Opens an account; see {@link Account}.
     *
     * @param signal to be run when the receiver has come to the end of a stride, after a lag, and
     *     when it holds nobody up any more
     * @param stride a power of two
     * @param patience for how many nanoseconds publishers wait for it at one position; {@link
     *     #UNLIMITED} without limit
     * @param following who else is told of each message passed, or null
     */
    LosslessAccount(
            @Nullable Subscriber receiver,
            long id,
            long start,
            long subscribedAt,
            @Nullable Object label,
            Runnable signal,
            int stride,
            long patience,
            @Nullable Passing following) {
        super(receiver, id, start, subscribedAt, label);
        this.signal = signal;
        this.patience = patience;
        this.following = following;
        this.strideMask = stride - 1;
    }

    // ---- the owner's side ----

    @Override
    public void advanced(long position) {
        user = Thread.currentThread().threadId();
        if (following != null) {
            following.advanced(position);
        }
        if ((position & strideMask) == 0) {
            signal.run();
        }
    }

    @Override
    public int stride() {
        int own = strideMask + 1; // powers of two: the longer stride ends where a shorter one does
        return following == null ? own : Math.min(own, following.stride());
    }

    /** A lag has moved the receiver, perhaps over the end of a stride. */
    void lagged() {
        signal.run();
    }

    /** The current thread is about to call handlers; the thread that was doing so before. */
    long beginHandling() {
        long before = handling;
        handling = Thread.currentThread().threadId();
        user = handling;
        return before;
    }

    /** Ends what {@link #beginHandling} began. */
    void endHandling(long before) {
        handling = before;
    }

    // ---- any thread ----

    /** Whether publishers that wait wait for it. */
    boolean isHolding() {
        return !released && isLive();
    }

    @Override
    public boolean isLossless() {
        return !released;
    }

    @Override
    void settled() {
        try {
            signal.run();
        } catch (Throwable e) {
            // The account has ended. A publisher that waits looks by itself.
        }
    }

    /** Whether {@code thread} is inside a handler of this receiver. */
    boolean isHandledBy(Thread thread) {
        return handling == thread.threadId();
    }

    /** Whether {@code thread} is the one that took a message last. */
    boolean isUsedBy(Thread thread) {
        return user == thread.threadId();
    }

    /**
     * Adds to the time for which publishers have waited for the message at which the receiver
     * stands. What another publisher has counted is not counted again. The first look at a position
     * counts nothing: a publisher that stood behind others does not know when the receiver moved.
     *
     * @param from the clock when this publisher last looked
     * @param now the clock now
     * @return whether they have waited longer than its patience
     */
    boolean isPatienceOver(long from, long now) {
        Held before = held;
        long at = position();
        boolean same = before.position == at;
        long begin = !same ? now : before.countedTo - from > 0 ? before.countedTo : from;
        Held after = new Held(at, Math.max(0, now - begin) + (same ? before.nanos : 0), now);
        held = after;
        return isTooLong(after.nanos);
    }

    /** Whether publishers do not wait so many nanoseconds for it at one message. */
    boolean isTooLong(long nanos) {
        return patience != UNLIMITED && nanos > patience;
    }

    /** How long publishers have waited for the message at which it stands, in nanoseconds. */
    long heldNanos() {
        Held now = held;
        return now.position == position() ? now.nanos : 0;
    }

    /** How much longer publishers wait for it if it does not move, in nanoseconds. */
    long patienceLeft() {
        return patience == UNLIMITED ? UNLIMITED : patience - heldNanos();
    }

    /** Makes it lossy for good; true for the one call that did. */
    boolean release() {
        if (!RELEASED.compareAndSet(this, false, true)) {
            return false;
        }
        settled();
        return true;
    }
}
