package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;

/** What never changes in a ring: the slots and the mask that finds one. Everybody reads it. */
abstract class RingSlots extends PadBefore {
    /**
     * Unused elements at either end of the array, so that its length and its slots share no cache
     * line with a neighbour in memory: 128 bytes where a reference takes four.
     */
    static final int SLOT_PAD = 32;

    /** The slot of position {@code p} is element {@code SLOT_PAD + (p & mask)}. */
    final @Nullable Object[] slots;

    final int mask;

    /**
     * Whether somebody wants to know of each message received. Written seldom, hence here. Read
     * plain: who misses a change for a while tells a few messages fewer.
     */
    boolean watched;

    RingSlots(int capacity) {
        slots = new Object[capacity + 2 * SLOT_PAD];
        mask = capacity - 1;
    }
}

/** Keeps the hint off the cache line of the fields above; see {@link PadBefore}. */
abstract class RingPadBetween extends RingSlots {
    int betweenGap;
    long c00, c01, c02, c03, c04, c05, c06, c07, c10, c11, c12, c13, c14, c15, c16, c17;

    RingPadBetween(int capacity) {
        super(capacity);
    }
}

/** The tail hint, written by every publisher. */
abstract class RingTailHint extends RingPadBetween {
    /** Never ahead of the tail; release by publishers, acquire by everyone. */
    long hint;

    RingTailHint(int capacity) {
        super(capacity);
    }
}

/** Keeps the hint off the cache line of whatever object follows in memory. */
abstract class RingHint extends RingTailHint {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    RingHint(int capacity) {
        super(capacity);
    }
}

/**
 * A bounded ring of messages that publishers overwrite and any number of cursors read, without
 * locks and without waiting.
 *
 * <p>The ring does not know what a message is: a subclass makes one from a sequence and an event
 * and reads its sequence back, so that the object in the slot is the very object a receiver
 * returns.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public abstract class Ring extends RingHint {
    /*
     * One compare-and-set claims and publishes
     * ----------------------------------------
     * Slot i holds the message with the highest sequence s published so far with s & mask == i, or
     * null in the first lap. A publisher takes a position t, makes the immutable message (t, event)
     * and moves slot t & mask from the message of the previous lap, sequence t - capacity, to its
     * own by compare-and-set:
     *
     *     sequence      .. t-4  t-3  t-2  t-1 |  t
     *     slot           [ t-4  t-3  t-2  t-1 ]       capacity 4; t goes where t-4 stands
     *
     * Success is both the claim of t and the publication of the message, so there is never a
     * claimed slot that is not yet written, published sequences are dense, and a publisher
     * preempted at any point delays nobody. Failure means that t is taken. A message object stands
     * in a slot at most once and never comes back, so the compare-and-set has no ABA.
     *
     * Ordering. The compare-and-set is a volatile write, the reader's load an acquire: a reader
     * that finds the message finds all the publisher wrote before it. Message fields are final
     * besides. Messages replace each other in a slot in rising order, by the expected value of the
     * compare-and-set; once in a while one is replaced by a copy of itself (renew). So "slot p &
     * mask holds at least p" is false until p is published and true ever after.
     *
     * Contention. Two publishers that take turns hand the cache lines of the hint, the slot and the
     * last message back and forth, and each allocates messages that it cannot place. So a publisher
     * that lost a compare-and-set pauses before it tries again: a fraction of a microsecond,
     * growing with each loss (exponential backoff, Agarwal and Cherian 1989). Meanwhile the winner
     * publishes many messages. The pause waits for nobody: it is bounded, and each loss is
     * another's success.
     *
     * The hint
     * --------
     * A publisher that took t stores t + 1 to the hint without a compare-and-set. One that was
     * preempted before the store may set the hint back, but never ahead of the tail: the stores are
     * of positions whose predecessors are published. The store is a release and the load an
     * acquire, so a thread that reads hint h also finds the slots below h published. A thread that
     * needs the true tail walks from the hint, and searches by the monotone predicate above when
     * the walk is long: O(log capacity).
     *
     * Close
     * -----
     * A terminal cell is placed at the tail by the same compare-and-set, so every publish is before
     * it or after it. Publishers find it where they would place their message; no publish reads a
     * flag. It replaces the oldest message of a full window and carries that message with it. The
     * hint never moves past it: publishers store the position after a message of theirs, which is
     * the terminal's at most.
     */

    /** The smallest capacity a ring may have. */
    public static final int MIN_CAPACITY = 2;

    /** The largest capacity a ring may have. */
    public static final int MAX_CAPACITY = 1 << 16;

    /** In place of a sequence: the ring is closed. */
    public static final long CLOSED = -1;

    /** In place of a sequence: there was no room in time. */
    public static final long TIMED_OUT = -2;

    /** In place of a sequence: the thread was interrupted before there was room. */
    public static final long INTERRUPTED = -3;

    /** What {@link #claim} returns if there is no room. */
    static final long FULL = -4;

    /**
     * The sequence of what is no message. Below every position minus a capacity, hence equal to no
     * sequence that is ever expected.
     */
    protected static final long NO_SEQUENCE = Long.MIN_VALUE;

    /** Taken positions a publisher walks over before it searches for the tail. */
    private static final int WALK = 8;

    /**
     * Pauses of the processor after a publisher's first lost compare-and-set, doubled at each
     * further.
     */
    private static final int BACKOFF = 8;

    private static final int BACKOFF_DOUBLINGS = 3;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle HINT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "hint",
                    VarHandle.class,
                    RingTailHint.class,
                    long.class);
    private static final VarHandle WATCHED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "watched",
                    VarHandle.class,
                    RingSlots.class,
                    boolean.class);

    /**
     * Makes an empty, open ring.
     *
     * @param capacity a power of two from 2 to {@link #MAX_CAPACITY}
     */
    protected Ring(int capacity) {
        super(checkCapacity(capacity));
    }

    private static int checkCapacity(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity "
                            + capacity
                            + " is not a power of two from "
                            + MIN_CAPACITY
                            + " to "
                            + MAX_CAPACITY);
        }
        return capacity;
    }

    /**
     * Makes the message that carries {@code event} at {@code sequence}; an immutable object with
     * final fields.
     */
    protected abstract Object message(long sequence, Object event);

    /**
     * The sequence of {@code cell} if it is a message, else {@link #NO_SEQUENCE}, null included.
     */
    protected abstract long sequenceOf(@Nullable Object cell);

    /** Another object that is the same message. */
    protected abstract Object copyOf(Object message);

    /** How many messages the ring retains. */
    public final int capacity() {
        return mask + 1;
    }

    // ---- publishing ----

    /** Publishes {@code event}; the message's sequence, or {@link #CLOSED}. Lock-free. */
    final long publish(Object event) {
        long sequence = claim(hint(), event);
        if (sequence != CLOSED) {
            advanceHint(sequence + 1);
        }
        return sequence;
    }

    /** As below, whether there is room or not. */
    final long claim(long from, Object event) {
        return claim(from, event, null);
    }

    /**
     * Publishes {@code event} at the first free position from {@code from} on, which is not above
     * the tail; leaves the hint alone.
     *
     * @param room asked whether the position may be taken; null to take it in any case
     * @return the position, {@link #CLOSED}, or {@link #FULL} if it may not be taken
     */
    @SuppressWarnings("ReferenceEquality") // the very cell
    final long claim(long from, Object event, @Nullable LongPredicate room) {
        long t = from;
        int lost = 0;
        for (int steps = 0; ; steps++) {
            Object found = cell(t);
            if (isFree(found, t)) {
                if (room != null && !room.test(t)) {
                    if (cell(t) == found) {
                        return FULL;
                    }
                    continue; // the slot has changed since: the look was of another moment
                }
                if (casSlot(t, found, message(t, event))) {
                    return t;
                }
                backOff(lost++);
                t = Math.max(t, hint()); // t is taken, so neither is above the tail
            } else if (found instanceof Terminal) {
                return CLOSED;
            } else {
                t = sequenceOf(found) + 1;
                if (steps >= WALK) {
                    t = searchTail(t);
                }
            }
        }
    }

    private static void backOff(int lost) {
        int pauses = BACKOFF << Math.min(lost, BACKOFF_DOUBLINGS);
        for (int i = 0; i < pauses; i++) {
            Thread.onSpinWait();
        }
    }

    /**
     * Whether {@code found}, read from the slot of {@code t}, is what the message {@code t}
     * replaces.
     */
    private boolean isFree(@Nullable Object found, long t) {
        return found == null || sequenceOf(found) == t - capacity();
    }

    /**
     * Puts a copy in the place of the message that {@code tail} would overwrite, so that a
     * publisher which has looked at that slot before must look again.
     *
     * @return false if {@code tail} has been taken by a message
     */
    final boolean renew(long tail) {
        Object found = cell(tail);
        if (found == null || found instanceof Terminal) {
            return true; // nothing is overwritten there, or nothing any more
        }
        return sequenceOf(found) < tail && casSlot(tail, found, copyOf(found));
    }

    /** Lets cursors take no message at once while somebody wants to know of each. */
    public final void watch(boolean wanted) {
        WATCHED.setVolatile(this, wanted);
    }

    /** Stores a position whose predecessors are all published. */
    final void advanceHint(long position) {
        HINT.setRelease(this, position);
    }

    // ---- close ----

    /** Ends the ring; true for the one call that did. Lock-free. */
    final boolean close() {
        long t = hint();
        while (true) {
            t = searchTail(t);
            Object found = cell(t);
            if (found instanceof Terminal) {
                return false;
            }
            if (isFree(found, t) && casSlot(t, found, new Terminal(t, found))) {
                advanceHint(t);
                return true;
            }
        }
    }

    /** The terminal cell, or null while the ring is open. */
    final @Nullable Terminal terminal() {
        return cell(tail()) instanceof Terminal terminal ? terminal : null;
    }

    /**
     * Drops the messages from {@code from} to below {@code limit} of a closed ring.
     *
     * <p>Slots are set to a terminal without a message, never to null: a publisher stalled since
     * the first lap would place its message in a null slot. Nobody else writes to a closed ring,
     * hence no compare-and-set.
     */
    final void clear(Terminal tombstone, long from, long limit) {
        for (long s = from; s < limit; s++) {
            SLOT.setRelease(slots, SLOT_PAD + ((int) s & mask), tombstone);
        }
    }

    // ---- reading ----

    /** The next sequence to be published, or one shortly before it. */
    public final long hint() {
        return (long) HINT.getAcquire(this);
    }

    /**
     * The cell in the slot of {@code position}: a message of any lap, a {@link Terminal}, or null.
     */
    final @Nullable Object cell(long position) {
        return cellOf(slots, mask, position);
    }

    /** As {@link #cell}, of slots that the caller keeps at hand. */
    static @Nullable Object cellOf(@Nullable Object[] slots, int mask, long position) {
        return (Object) SLOT.getAcquire(slots, SLOT_PAD + ((int) position & mask));
    }

    private boolean casSlot(long position, @Nullable Object expected, Object cell) {
        return SLOT.compareAndSet(slots, SLOT_PAD + ((int) position & mask), expected, cell);
    }

    /**
     * The sequence the next message will have, or of the terminal cell: the value at some moment
     * during the call.
     */
    final long tail() {
        return searchTail(hint());
    }

    /** A position that everything published up to {@code cell} lies below; 0 for an empty slot. */
    final long endOf(@Nullable Object cell) {
        if (cell == null) {
            return 0;
        }
        return cell instanceof Terminal terminal ? terminal.sequence : sequenceOf(cell) + 1;
    }

    /**
     * The tail, searched from {@code from}, which must not be above it.
     *
     * <p>"The cell at p ends above p" holds exactly for p below the tail, within one lap from any
     * position not above the tail. {@code low} is always known to be not above the tail; {@code
     * high} was seen free, so the tail was not above it at that moment. When they meet, the tail
     * was there at some moment in between.
     */
    private long searchTail(long from) {
        long low = from;
        for (int steps = 0; steps < WALK; steps++) {
            long end = endOf(cell(low));
            if (end <= low) {
                return low;
            }
            low = end;
        }
        long high;
        for (long step = WALK; ; step = Math.min(2 * step, capacity())) {
            high = low + step;
            long end = endOf(cell(high));
            if (end <= high) {
                break;
            }
            low = end;
        }
        while (low < high) {
            long middle = (low + high) >>> 1;
            long end = endOf(cell(middle));
            if (end > middle) {
                low = end;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
