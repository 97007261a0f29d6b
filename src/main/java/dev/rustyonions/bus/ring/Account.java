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
 * <p>The registry refers to the account and the account only weakly to the cursor, so that a
 * receiver nobody refers to is collected, and its pending loss can still be settled.
 */
final class Account extends WeakReference<Cursor> {
    /*
     * One writer, the thread that uses the receiver: counters by setOpaque(plain + 1), no
     * read-modify-write. Readers get each value whole and eventually. Two fields have other writers
     * as well:
     *
     * position   the owner's only, but where a loss is counted: a lag moves it by compare-and-set
     *            and the end of the account takes it by getAndSet, so that of the two exactly one
     *            counts a given loss.
     * live       cleared once, by close or by whoever notices the abandonment.
     *
     * Order at a lag: position first, then the bus-wide total. Whoever reads the total before the
     * position may miss a loss for a moment but never counts one twice; see Receivers.missed.
     */
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final VarHandle POSITION =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "position", VarHandle.class, Account.class, long.class);
    private static final VarHandle DELIVERED =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "delivered", VarHandle.class, Account.class, long.class);
    private static final VarHandle FILTERED =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "filtered", VarHandle.class, Account.class, long.class);
    private static final VarHandle MISSED =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "missed", VarHandle.class, Account.class, long.class);
    private static final VarHandle LIVE =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "live", VarHandle.class, Account.class, boolean.class);

    /**
     * Above every position: where an ended account stands, unless a step that its owner was in the
     * middle of comes after.
     */
    static final long SETTLED = Long.MAX_VALUE;

    /**
     * The next account of the registry. Written by the pusher before publication, then by the
     * sweeper only.
     */
    volatile @Nullable Account next;

    private long position;
    private long delivered;
    private long filtered;
    private long missed;
    private volatile boolean live = true;
    private volatile boolean inHand;

    Account(Cursor cursor, long start) {
        super(cursor);
        position = start;
    }

    // ---- the owner's side ----

    /** The first sequence the owner has not taken from the ring. */
    long positionPlain() {
        return position;
    }

    void advance(long to) {
        POSITION.setOpaque(this, to);
    }

    /**
     * Moves the position over a loss; false if the account has ended, and then the loss has been
     * counted there.
     */
    boolean skip(long from, long to) {
        // The owner's last step may still be on its way to memory and would overwrite what the end
        // of the account has put there. After the fence it is there; if the account lives on then,
        // whoever ends it takes the position from that step on.
        VarHandle.fullFence();
        return live && POSITION.compareAndSet(this, from, to);
    }

    /**
     * Notes that a message is held for the next call: its sequence is below the position, but it is
     * not delivered yet.
     */
    void setInHand(boolean held) {
        inHand = held;
    }

    long deliveredPlain() {
        return delivered;
    }

    /** Moves on and counts in one step. */
    void deliver(long to, long total) {
        POSITION.setOpaque(this, to);
        DELIVERED.setOpaque(this, total);
    }

    void countDelivered() {
        DELIVERED.setOpaque(this, delivered + 1);
    }

    void countFiltered() {
        FILTERED.setOpaque(this, filtered + 1);
    }

    /** The message counted as filtered before the filter ran has passed it. */
    void deliverFiltered() {
        DELIVERED.setOpaque(this, delivered + 1);
        FILTERED.setOpaque(this, filtered - 1);
    }

    void countMissed(long lost) {
        MISSED.setOpaque(this, missed + lost);
    }

    // ---- any thread ----

    boolean isLive() {
        return live;
    }

    /** Whether the account still counts though nobody can use its receiver any more. */
    boolean isAbandoned() {
        return isLive() && get() == null;
    }

    /** Ends the account; true for the one caller that did, who must settle it. */
    boolean end() {
        return LIVE.compareAndSet(this, true, false);
    }

    /** Takes the position of an ended account, which no lag can move any more. */
    long settle() {
        return (long) POSITION.getAndSet(this, SETTLED);
    }

    long position() {
        return (long) POSITION.getOpaque(this);
    }

    /** The sequence the receiver is given next, unless it lags. */
    long cursor() {
        long at = position();
        return inHand ? at - 1 : at;
    }

    long delivered() {
        return (long) DELIVERED.getOpaque(this);
    }

    long filtered() {
        return (long) FILTERED.getOpaque(this);
    }

    long missed() {
        return (long) MISSED.getAcquire(this); // before the position; see Receivers.forEach
    }
}
