package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** What each publisher that may wait reads of the room; see {@link PadBefore}. */
abstract class RoomLimit extends PadBefore {
    /** Up to where there is room. Replaced when a lossless receiver subscribes. Volatile. */
    volatile Limit limit = new Limit();
}

/** Keeps the limit off the line of the fields that waiting publishers write. */
abstract class RoomPadBetween extends RoomLimit {
    int betweenGap;
    long c00, c01, c02, c03, c04, c05, c06, c07, c10, c11, c12, c13, c14, c15, c16, c17;
}

/** What lossless receivers read of the room. */
abstract class RoomWaiting extends RoomPadBetween {
    /** Publishers that wait, or are about to, or have just ceased to. Volatile. */
    volatile int waiting;
}

/** Keeps the count off the line of what follows in memory. */
abstract class RoomPadAfter extends RoomWaiting {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;
}

/**
 * How much room there is for publishers that wait for lossless receivers, and which publishers
 * wait.
 *
 * <p>A message may take the slot of the one a capacity below it only if every lossless receiver has
 * passed that one. Publishers that do not wait ask nothing here.
 *
 * <p>Thread safety: every method may be called from any thread. None blocks.
 */
class Room extends RoomPadAfter implements LongPredicate {
    /*
     * Claim against positions
     * -----------------------
     *     publisher                                    lossless receiver
     *     1 read the slot of t: it has t - capacity    1 read message t - capacity (acquire)
     *     2 read the positions (acquire)               2 position = t - capacity + 1 (release)
     *     3 compare-and-set the slot from that
     *
     * If the publisher's read (2) finds the position above t - capacity, the receiver has read the
     * message before. Positions only rise, so what the look (2) allows it still allows when the
     * compare-and-set (3) succeeds. No lock and no reservation is needed.
     *
     * The limit
     * ---------
     * A publisher does not look at all positions for each message. The lowest position seen, plus
     * the capacity, is kept as a limit: below it there is room. Only when the limit no longer
     * suffices does a publisher walk the lossless receivers and raise it. The walk gains up to a
     * capacity, hence O(1) amortised. Two that walk at once raise the limit to the larger of two
     * values that are both true.
     *
     * Subscribe against claim
     * -----------------------
     *     subscriber                                   publisher
     *     1 list the account, at a position            1 read the slot of t
     *       not above its start                        2 read limit, walk if it does not suffice
     *     2 limit = a new one, which allows nothing    3 compare-and-set the slot
     *     3 full fence, read the tail T
     *     4 choose the start
     *
     * A limit kept from before knows nothing of the new receiver, hence the new one. It is an
     * object of its own rather than a number, so that a publisher that walked the list before (1)
     * raises the old one, which nobody reads any more.
     *
     * A publisher that read the limit (2) before it was replaced may still succeed (3) afterwards.
     * It can do so at one position only, the tail at the time of the replacement, which is T or
     * below: a compare-and-set succeeds at the tail alone, and a publisher that loses it looks at
     * the limit again. It overwrites T - capacity then. A receiver that starts above that is not
     * concerned. One that starts just there, with the oldest message of a full window, or below it
     * puts a copy of that message in its slot: then the stalled compare-and-set fails. If the copy
     * fails, T has been taken and no publisher with an old look is left. Then the start is chosen
     * again.
     *
     * No wake-up of a publisher is lost
     * ---------------------------------
     *     publisher                                    receiver
     *     1 count itself, join the queue (volatile)    1 store its position, or end
     *     2 full fence                                 2 full fence
     *     3 look for room                              3 read the count; if it is not 0, look
     *     4 park if there is none                        whether there is room, unpark the first
     *
     * If the publisher's look (3) misses the position, it precedes the store (1) in the order of
     * the fences. So the receiver's read (3) finds the count. Of several receivers that step at
     * once the last in that order sees all positions. A receiver does all this when it has come to
     * the end of a stride, after a lag and when it ends, and not at each message.
     *
     * A publisher is woken when all have passed what is in its way, and a stride more. A receiver
     * comes to the end of a stride there or shortly after: within twice the stride, which is at
     * most half of the capacity. So it does before it has nothing to read, and one that runs dry
     * need not look.
     *
     * Only the first in the queue is woken. It leaves the queue when it has claimed its message or
     * given up. Then it issues a full fence and unparks the one that is first now. That one, if it
     * joined too late to be found, finds after its own fence that it is first. So publishers that
     * wait are served in the order in which they came, a step of a receiver wakes one of them, and
     * as long as there is room each wakes the next. A publisher that comes and finds room does not
     * join.
     *
     * A publisher that has something else to do for a while steps aside: it keeps its place, and
     * the next one counts as the first. It steps aside as one leaves, and steps back as one joins,
     * with the same fences. So what is said above holds of it.
     *
     * Virtual and platform threads have a queue each, and a step wakes the first of both.
     *
     * The close of the bus wakes the first of each queue too, after a full fence. It finds the
     * terminal cell, leaves and wakes the next.
     *
     * What has ended leaves the list
     * ------------------------------
     * A walk for the limit unlinks the receivers that have ended or are lossy now. Publishers that
     * never wait make no walk. So a subscriber makes one when as many have subscribed since the
     * last walk as that one kept, and 16 at least. It looks at those that the last walk kept and at
     * those that have subscribed since. So a subscribe costs O(1) amortised, and the list is at
     * most twice as long as the last walk left it, or 16 longer.
     *
     * Looking without being woken
     * ---------------------------
     * Between strides the first looks by itself every millisecond. So a slow handler delays others
     * by that much at most, and a wake-up that an error has cost is made up for. Those behind the
     * first look every second, for the sake of errors alone.
     */

    /** How long the first in the queue waits before it looks by itself. */
    private static final long RELOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long those behind it do. */
    private static final long RELOOK_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Parts of the capacity after each of which a receiver looks whether a publisher waits. */
    private static final int STRIDES = 4;

    /** How many may subscribe at least before the list is walked for their sake. */
    private static final int FEWEST_UNTIL_SWEEP = 16;

    private static final VarHandle HEAD =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "head",
                    VarHandle.class,
                    Room.class,
                    LosslessAccount.class);
    private static final VarHandle SWEEPING =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "sweeping", VarHandle.class, Room.class, boolean.class);
    private static final VarHandle UNTIL_SWEEP =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "untilSweep", VarHandle.class, Room.class, int.class);
    private static final VarHandle WAITING =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "waiting",
                    VarHandle.class,
                    RoomWaiting.class,
                    int.class);

    /**
     * A publisher that waits.
     *
     * <p>Its thread sets {@code wanted} before it looks for room.
     */
    static final class Place {
        final Thread thread;

        /** The position for which there was no room. */
        volatile long wanted;

        /** Whether the publisher has stepped aside. */
        private volatile boolean aside;

        Place(Thread thread, long wanted) {
            this.thread = thread;
            this.wanted = wanted;
        }
    }

    private final Ring ring;

    /** A receiver looks whether a publisher waits whenever its position is a multiple of it. */
    private final int stride;

    // First come, first served. Two queues, so that the wait of no thread depends on the scheduler
    // of another kind. Lock-free.

    private final ConcurrentLinkedQueue<Place> virtuals = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Place> platforms = new ConcurrentLinkedQueue<>();

    /** The lossless receivers, linked by {@code nextLossless}; see {@link #lowest}. */
    private volatile @Nullable LosslessAccount head;

    private volatile boolean sweeping;

    /**
     * How many may still subscribe before the list is walked for their sake. A subscriber whose
     * count a walk overwrites delays the next one by itself alone.
     */
    private volatile int untilSweep = FEWEST_UNTIL_SWEEP;

    Room(Ring ring) {
        this.ring = ring;
        this.stride = Math.max(1, ring.capacity() / STRIDES);
    }

    final int stride() {
        return stride;
    }

    // ---- waiting: what a test replaces, to see that no wake-up is made up for by a look ----

    /** How long a publisher waits before it looks by itself, in nanoseconds. */
    long relook(boolean first) {
        return first ? RELOOK_NANOS : RELOOK_BEHIND_NANOS;
    }

    /** Blocks the current thread until it is unparked, for so long at most, or for no reason. */
    void parkNanos(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }

    void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }

    // ---- publishers ----

    /**
     * Whether the message {@code t} may be placed, as far as lossless receivers are concerned. To
     * be asked between the read of the slot and the compare-and-set.
     */
    @Override
    public final boolean test(long t) {
        Limit known = limit;
        return t < known.below() || look(known, t);
    }

    private boolean look(Limit known, long t) {
        long lowest = lowest();
        long below = lowest == Account.SETTLED ? Account.SETTLED : lowest + ring.capacity();
        known.raise(below);
        return t < below;
    }

    /** The lowest position of a lossless receiver; {@link Account#SETTLED} if there is none. */
    private long lowest() {
        // Only the sweeper unlinks, and an account never comes back: as in Receivers.
        boolean sweeps = !sweeping && SWEEPING.compareAndSet(this, false, true);
        long lowest = Account.SETTLED;
        int kept = 0;
        try {
            LosslessAccount before = null;
            for (LosslessAccount account = head; account != null; account = account.nextLossless) {
                if (account.isHolding()) {
                    lowest = Math.min(lowest, account.position());
                    before = account;
                    kept++;
                } else if (!sweeps || !unlink(before, account)) {
                    before = account;
                }
            }
        } finally {
            if (sweeps) {
                untilSweep = Math.max(FEWEST_UNTIL_SWEEP, kept);
                sweeping = false;
            }
        }
        return lowest;
    }

    private boolean unlink(@Nullable LosslessAccount before, LosslessAccount account) {
        LosslessAccount following = account.nextLossless;
        if (before != null) {
            before.nextLossless = following;
            return true;
        }
        return HEAD.compareAndSet(this, account, following);
    }

    /** Whether every lossless receiver stands at {@code position} or above. */
    private boolean isPassed(long position) {
        for (LosslessAccount account = head; account != null; account = account.nextLossless) {
            if (account.position() < position && account.isHolding()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The first lossless receiver in the list that holds up the message {@code t}.
     *
     * @param after the receiver after which to begin; null to begin with the head
     * @return null if there is none
     */
    final @Nullable LosslessAccount holdingUp(long t, @Nullable LosslessAccount after) {
        LosslessAccount account = after == null ? head : after.nextLossless;
        while (account != null
                && !(account.position() <= t - ring.capacity() && account.isHolding())) {
            account = account.nextLossless;
        }
        return account;
    }

    // ---- the queue ----

    /** How many publishers wait. */
    final int waiting() {
        return waiting;
    }

    /** Joins the queue. The caller looks for room next, and leaves in any case. */
    final void join(Place place) {
        WAITING.getAndAdd(this, 1);
        queueOf(place).add(place);
        VarHandle.fullFence();
    }

    /** Whether it is the first of its queue. */
    final boolean isFirst(Place place) {
        return first(queueOf(place)) == place;
    }

    /** Keeps the place of a publisher that cannot be woken for a while, and wakes the next. */
    final void stepAside(Place place) {
        place.aside = true;
        VarHandle.fullFence();
        wake(first(queueOf(place)));
    }

    /** Ends {@link #stepAside}. The caller looks for room next. */
    final void stepBack(Place place) {
        place.aside = false;
        VarHandle.fullFence();
    }

    /** Leaves the queue, if it has been joined, and wakes the one that is first now. */
    final void leave(Place place) {
        queueOf(place).remove(place);
        WAITING.getAndAdd(this, -1);
        VarHandle.fullFence();
        wake(first(queueOf(place)));
    }

    /** The first that has not stepped aside; null if there is none. */
    private static @Nullable Place first(ConcurrentLinkedQueue<Place> queue) {
        Place head = queue.peek();
        if (head == null || !head.aside) {
            return head;
        }
        for (Place place : queue) {
            if (!place.aside) {
                return place;
            }
        }
        return null;
    }

    private ConcurrentLinkedQueue<Place> queueOf(Place place) {
        return place.thread.isVirtual() ? virtuals : platforms;
    }

    private void wake(@Nullable Place place) {
        if (place != null) {
            unpark(place.thread);
        }
    }

    /** To be called when the ring has been closed: publishers that wait end their wait. */
    final void closed() {
        VarHandle.fullFence();
        if (waiting != 0) {
            try {
                wake(first(virtuals));
            } finally {
                wake(first(platforms));
            }
        }
    }

    // ---- receivers ----

    /**
     * Unlinks those that have ended, if that is due. To be called before {@link #admit} and before
     * anything that a failure would leave half done.
     */
    final void sweep() {
        if (untilSweep <= 0 && !sweeping) {
            lowest();
        }
    }

    /**
     * To be called after a lossless receiver has moved or ceased to be one: wakes the first
     * publisher of each queue that has a stride of room now.
     */
    final void signal() {
        VarHandle.fullFence();
        if (waiting != 0) {
            StackProbe.requireRoom();
            try {
                wakeIfRoom(first(virtuals));
            } finally {
                wakeIfRoom(first(platforms));
            }
        }
    }

    private void wakeIfRoom(@Nullable Place first) {
        if (first != null && isPassed(first.wanted - ring.capacity() + stride)) {
            unpark(first.thread);
        }
    }

    /**
     * Lets publishers that wait wait for a new receiver too.
     *
     * @param account the receiver's, at a position not above its start
     * @param start where it is to begin
     * @param forgottenTo see {@link Start#position}
     * @return where it begins
     */
    final long admit(LosslessAccount account, Start start, long forgottenTo) {
        Limit none = new Limit();
        UNTIL_SWEEP.getAndAdd(this, -1);
        LosslessAccount first;
        do {
            first = head;
            account.nextLossless = first;
        } while (!HEAD.compareAndSet(this, first, account));
        limit = none;
        VarHandle.fullFence();
        long tail;
        long from;
        do {
            tail = ring.tail();
            from = start.position(tail, ring.capacity(), forgottenTo);
        } while (from <= tail - ring.capacity() && !ring.renew(tail));
        account.setStart(from);
        signal();
        return from;
    }
}
