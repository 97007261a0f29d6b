package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

/**
 * What one receiver has read and lost, readable from any thread, and still there when the receiver
 * has been abandoned.
 *
 * <p>The registry refers to the account and the account only weakly to the receiver, so that a
 * receiver nobody refers to is collected, and its pending loss can still be settled.
 */
class Account extends WeakReference<Subscriber> implements ReceiverView {
    /*
     * Who writes what, and how it is read
     * -----------------------------------
     * position     The owner alone, except where a loss is counted: a lag moves it and the end of
     *              the account takes it, both by compare-and-set, so that of the two exactly one
     *              counts a given loss. Written with release, read with acquire: a thread that
     *              finds it past a message finds the message read and everything done that its
     *              handler did with those before. A stale value only makes a receiver look further
     *              behind than it is.
     * dryAt        The owner alone, where it finds nothing to read; release and acquire, for the
     *              same reason. Of an ended account it is the last position: the thread that ends
     *              it writes that before it takes the position. An owner that is late with its own
     *              write writes the same.
     * delivered    The owner alone, opaque; read opaque. Nothing is derived from their order.
     * filtered
     * conflated
     * missed       The owner alone, after the position: written with release, read with acquire.
     * skipped      A reader that finds a loss here finds the position past it, and does not count
     *              the loss as pending as well. Hence walks read these two before the position.
     * inHand       The owner alone: set before the position at a lag, cleared with release when
     *              the message has been taken. It corrects the position by one. It names the
     *              position that it is about, so that nobody corrects the one before the lag.
     * ended        Set once, volatile, by the thread that ends the account. The owner reads it at
     *              each receive.
     *
     * Order at a lag: position, then missed, then the bus-wide total. A thread that reads the total
     * before the position may miss a loss for a moment but never counts one twice; see
     * Receivers.totals.
     *
     * A step of the owner is whole or has not happened
     * ------------------------------------------------
     * A message must not be passed uncounted when the stack overflows, and no probe is affordable
     * in a receive. So each step is one call of this class that begins with the call that decides
     * it: if that overflows nothing has changed. What follows in the step is repeated as a plain
     * write if the access by VarHandle, which may be a call in the interpreter, has no stack left.
     * A plain write needs none.
     */
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final VarHandle POSITION = handle("position", long.class);
    private static final VarHandle DELIVERED = handle("delivered", long.class);
    private static final VarHandle FILTERED = handle("filtered", long.class);
    private static final VarHandle CONFLATED = handle("conflated", long.class);
    private static final VarHandle DRY_AT = handle("dryAt", long.class);
    private static final VarHandle MISSED = handle("missed", long.class);
    private static final VarHandle SKIPPED = handle("skipped", long.class);
    private static final VarHandle IN_HAND = handle("inHand", int.class);
    private static final VarHandle ENDED = handle("ended", NoMessage.class);

    private static VarHandle handle(String field, Class<?> type) {
        return ConstantBootstraps.fieldVarHandle(
                LOOKUP, field, VarHandle.class, Account.class, type);
    }

    /**
     * Above every position. Position of an ended account; a step already begun may overwrite it.
     */
    static final long SETTLED = Long.MAX_VALUE;

    /**
     * The next account of the registry. Written by the pusher before publication, then by the
     * sweeper only.
     */
    volatile @Nullable Account next;

    /** The number of the subscription. */
    private final long id;

    /** What the subscriber is called, if it has a name. */
    private final @Nullable Object label;

    /**
     * The tail at the subscription. What is below was published before: the receiver is told if it
     * misses some of that, but it was not slow, so the totals leave it out.
     */
    final long subscribedAt;

    private long position;
    private long delivered;
    private long filtered;
    private long conflated;

    /**
     * Where the owner last found nothing to read; at first where it started. Of an ended account
     * the last position.
     */
    private long dryAt;

    /** Messages missed, as told by lags. */
    private long missed;

    /** How many of those were published before the subscription. */
    private long skipped;

    /** The {@link #tag} of the position that is one above a message in hand; 0 for none. */
    private int inHand;

    private volatile @Nullable NoMessage ended;

    /**
     * Opens an account.
     *
     * @param receiver whose account it is; referred to weakly
     * @param id the number of the subscription
     * @param start the first sequence the receiver is owed
     * @param subscribedAt the tail at the subscription
     * @param label what the receiver is called, or null
     */
    Account(
            @Nullable Subscriber receiver,
            long id,
            long start,
            long subscribedAt,
            @Nullable Object label) {
        super(receiver);
        this.id = id;
        this.position = start;
        this.dryAt = start;
        this.subscribedAt = subscribedAt;
        this.label = label;
    }

    // ---- the owner's side ----

    /** The first sequence the owner has not taken from the ring. */
    final long positionPlain() {
        return position;
    }

    final long dryAtPlain() {
        return dryAt;
    }

    final long deliveredPlain() {
        return delivered;
    }

    /** Whether the message a lag ended at has not been taken yet. */
    final boolean inHandPlain() {
        return inHand != 0;
    }

    /** Passes the message below {@code to}, as the {@code total}-th delivered. */
    final void deliver(long to, long total) {
        POSITION.setRelease(this, to);
        try {
            DELIVERED.setOpaque(this, total);
        } catch (Throwable noStackLeft) {
            delivered = total;
        }
    }

    /** Passes the message below {@code to}, which the filter is yet to look at. */
    final void filter(long to) {
        long total = filtered + 1;
        POSITION.setRelease(this, to);
        try {
            FILTERED.setOpaque(this, total);
        } catch (Throwable noStackLeft) {
            filtered = total;
        }
    }

    /** Passes the message below {@code to}, which a later one supersedes. */
    final void conflate(long to) {
        long total = conflated + 1;
        POSITION.setRelease(this, to);
        try {
            CONFLATED.setOpaque(this, total);
        } catch (Throwable noStackLeft) {
            conflated = total;
        }
    }

    /** Notes that there was nothing to read at {@code at}: all below has been handled. */
    final void setDry(long at) {
        DRY_AT.setRelease(this, at);
    }

    /** Moves the start up, before the receiver is used. */
    final void setStart(long start) {
        POSITION.setRelease(this, start);
        setDry(start);
    }

    /** Passes the message in hand, whose position a lag has moved over already. */
    final void deliverInHand() {
        DELIVERED.setOpaque(this, delivered + 1);
        setNotInHand();
    }

    /** As {@link #deliverInHand}, of a message that the filter is yet to look at. */
    final void filterInHand() {
        FILTERED.setOpaque(this, filtered + 1);
        setNotInHand();
    }

    /** As {@link #deliverInHand}, of a message that a later one supersedes. */
    final void conflateInHand() {
        CONFLATED.setOpaque(this, conflated + 1);
        setNotInHand();
    }

    private void setNotInHand() {
        try {
            IN_HAND.setRelease(this, 0);
        } catch (Throwable noStackLeft) {
            inHand = 0;
        }
    }

    /** The message counted as filtered before the filter ran has passed it. */
    final void deliverFiltered() {
        long total = filtered - 1;
        DELIVERED.setOpaque(this, delivered + 1);
        try {
            FILTERED.setOpaque(this, total);
        } catch (Throwable noStackLeft) {
            filtered = total;
        }
    }

    /**
     * Moves the position over a loss; false if the account has ended, and then the loss has been
     * counted there.
     */
    final boolean skip(long from, long to) {
        // The owner's last step may still be on its way to memory and would overwrite what the end
        // of the account has put there. After the fence it is there; if the account lives on then,
        // whoever ends it takes the position from that step on.
        VarHandle.fullFence();
        return isLive() && POSITION.compareAndSet(this, from, to);
    }

    /**
     * Counts a loss the position has moved over.
     *
     * @return how many of the messages were published since the subscription
     */
    final long countMissed(long from, long lost) {
        long before = Math.clamp(subscribedAt - from, 0, lost);
        SKIPPED.setRelease(this, skipped + before);
        MISSED.setRelease(this, missed + lost);
        return lost - before;
    }

    /**
     * Notes that the message below {@code position} is held for the next call: the owner will stand
     * there, and it is not delivered yet.
     */
    final void setInHand(long position) {
        IN_HAND.setOpaque(this, tag(position));
    }

    /** Notes that no message is held. */
    final void setNothingInHand() {
        IN_HAND.setOpaque(this, 0);
    }

    /**
     * Names a position; never 0. Positions a multiple of 2^31 apart have the same: a lag of just
     * that size shows another thread a position one too low while it is being noted.
     */
    private static int tag(long position) {
        return (int) position << 1 | 1;
    }

    // ---- any thread ----

    final boolean isLive() {
        return ended == null;
    }

    @Override
    public boolean isLossless() {
        return false;
    }

    /** Called once, by the thread that has ended and settled the account. Throws nothing. */
    void settled() {}

    /**
     * Whether everything published below {@code limit} has been handled: the owner has come back
     * for more after it, or has ended.
     *
     * <p>Having taken message {@code limit} or one above it is proof of that, unless it is in hand:
     * then the lag before it may not have been handled.
     */
    final boolean isIdle(long limit) {
        if (!isLive() || (long) DRY_AT.getAcquire(this) >= limit) {
            return true;
        }
        long at = position();
        return at > limit && (int) IN_HAND.getAcquire(this) != tag(at);
    }

    /** Why the account has ended, or null while it lives. */
    final @Nullable NoMessage ended() {
        return ended;
    }

    /**
     * The receiver, or null if nobody refers to it any more.
     *
     * <p>A collector that marks while this reads takes the receiver for reachable; see {@link
     * PublisherWaits}.
     */
    @Override
    public final @Nullable Subscriber get() {
        // A compiler may move a read before the condition that it stands behind: the value is the
        // same. But with ZGC it is the read that keeps the receiver. No read is moved before the
        // fence.
        VarHandle.loadLoadFence();
        return super.get();
    }

    /** Whether the account still counts though nobody can use its receiver any more. */
    final boolean isAbandoned() {
        return isLive() && refersTo(null); // a get may keep the receiver; see PublisherWaits
    }

    /** Ends the account; true for the one caller that did, who must settle it. */
    final boolean tryEnd(NoMessage why) {
        return ENDED.compareAndSet(this, null, why);
    }

    /**
     * Takes the position of an ended account, which no lag can move any more.
     *
     * @return how many messages published since the subscription it is behind the window
     */
    final long settle(long windowStart) {
        long last;
        do {
            // The owner, which looks for the end before each step, makes one more step at most.
            last = position();
            setDry(last);
        } while (!POSITION.compareAndSet(this, last, SETTLED));
        return pending(windowStart, last);
    }

    /** Messages published since the subscription that are lost and not told of yet. */
    final long pending(long windowStart) {
        return pending(windowStart, position());
    }

    private long pending(long windowStart, long position) {
        return Math.max(0, windowStart - Math.max(position, subscribedAt));
    }

    final long position() {
        return (long) POSITION.getAcquire(this);
    }

    /** The sequence the receiver is given next, unless it lags; above all if it has ended. */
    final long cursor() {
        return belowInHand(position());
    }

    /** The sequence the receiver is given next or, if it has ended, would have been given. */
    final long cursorOrLast() {
        long at = position();
        return belowInHand(at == SETTLED ? (long) DRY_AT.getAcquire(this) : at);
    }

    private long belowInHand(long position) {
        return (int) IN_HAND.getOpaque(this) == tag(position) ? position - 1 : position;
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final @Nullable Object label() {
        return label;
    }

    @Override
    public final long delivered() {
        return (long) DELIVERED.getOpaque(this);
    }

    @Override
    public final long filtered() {
        return (long) FILTERED.getOpaque(this);
    }

    @Override
    public final long conflated() {
        return (long) CONFLATED.getOpaque(this);
    }

    /** Messages missed as told by lags, those published before the subscription included. */
    final long missed() {
        return (long) MISSED.getAcquire(this);
    }

    /** Messages missed as told by lags, of those published since the subscription. */
    final long missedSince() {
        // A lag writes skipped first: the other order could make the difference too large.
        long all = missed();
        return all - Math.min(all, (long) SKIPPED.getAcquire(this));
    }
}
