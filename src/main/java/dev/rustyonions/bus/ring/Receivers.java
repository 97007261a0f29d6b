package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** What publishers read of the receivers; on a line of its own, see {@link PadBefore}. */
abstract class ReceiversCount extends PadBefore {
    /** Living receivers, abandoned ones included until they are noticed. Volatile. */
    int count;
}

/** Keeps the count off the line of the fields that lagging receivers write. */
abstract class ReceiversPadAfter extends ReceiversCount {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;
}

/** Who is subscribed, and how much all of them, living and gone, have missed. */
final class Receivers extends ReceiversPadAfter implements IntSupplier {
    /*
     * The registry is a linked list: pushed at the head by compare-and-set, unlinked by one sweeper
     * at a time. The sweeper's flag is tried, never waited for: a thread that finds it taken leaves
     * the sweeping to its holder. Only the sweeper writes the next of a listed account, and an
     * account never comes back. So readers may walk the list at any time. A reader that stands on
     * an unlinked account is led on to accounts that were in the list when it set out.
     *
     * Each subscribe and each close sweeps a few accounts from where the last sweep stopped: O(1)
     * whatever the number of receivers, and the ended accounts not yet unlinked stay a fraction of
     * the living ones. Abandoned receivers show as cleared weak references. They are found by the
     * same sweep and by every walk; a ReferenceQueue would lock.
     */

    /**
     * Accounts looked at by one sweep. An ended one costs a look, and each subscribe and close
     * makes one: must be over 2.
     */
    private static final int SWEEP = 4;

    /** More than the threads that can be inside {@link #enter} and {@link #entered} at once. */
    private static final long ENTRY = 1L << 20;

    /** In place of a pending loss: another has ended the account. */
    private static final long ENDED_BEFORE = -1;

    private static final VarHandle COUNT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "count",
                    VarHandle.class,
                    ReceiversCount.class,
                    int.class);
    private static final VarHandle ENTRIES =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "entries",
                    VarHandle.class,
                    Receivers.class,
                    long.class);
    private static final VarHandle ENDED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "ended", VarHandle.class, Receivers.class, long.class);
    private static final VarHandle HEAD =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "head",
                    VarHandle.class,
                    Receivers.class,
                    Account.class);
    private static final VarHandle SWEEPING =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "sweeping",
                    VarHandle.class,
                    Receivers.class,
                    boolean.class);
    private static final VarHandle MISSED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "missed", VarHandle.class, Receivers.class, long.class);
    private static final VarHandle CONFLATED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "conflated",
                    VarHandle.class,
                    Receivers.class,
                    long.class);

    private final Ring ring;
    private final ChannelListener listener;

    private volatile @Nullable Account head;

    /**
     * How many have entered, times {@link #ENTRY}, and in the lower bits how many of them are
     * between {@link #enter} and {@link #entered}.
     */
    private volatile long entries;

    /** How many of those that have entered have ended, or have failed to be listed. */
    private volatile long ended;

    /** Losses told by lags, and what was pending when an account ended. */
    private volatile long missed;

    /** The largest loss {@link #totals} has returned. */
    private final AtomicLong reported = new AtomicLong();

    /** Messages that receivers which have ended had left out for a later one of the same key. */
    private volatile long conflated;

    /** The largest number of those that {@link #totals} has returned. */
    private final AtomicLong reportedConflated = new AtomicLong();

    private volatile boolean sweeping;

    /**
     * The account after which the next sweep goes on; null for the head. Sweeper only; the flag
     * orders its accesses.
     */
    private @Nullable Account sweptTo;

    Receivers(Ring ring, ChannelListener listener) {
        this.ring = ring;
        this.listener = listener;
    }

    int count() {
        return (int) COUNT.getVolatile(this);
    }

    /** As {@link #count}. */
    @Override
    public int getAsInt() {
        return count();
    }

    /**
     * Counts a receiver before its start is found: a publish that finds a slot above that start
     * also finds the count.
     *
     * @return the number of the subscription
     */
    long enter() {
        long number = (long) ENTRIES.getAndAdd(this, ENTRY + 1) / ENTRY;
        COUNT.getAndAdd(this, 1);
        // The caller now looks for the tail by acquire reads, which alone could overtake the count.
        VarHandle.fullFence();
        return number;
    }

    /** Ends what {@link #enter} began: the account is listed, or there is none. */
    void entered() {
        ENTRIES.getAndAdd(this, -1L);
    }

    /** A value that changes whenever a receiver enters; see {@link #isEntering}. */
    long entries() {
        return entries;
    }

    /** Whether at the time of {@code entries} someone counted already and was not listed yet. */
    static boolean isEntering(long entries) {
        return entries % ENTRY != 0;
    }

    /** How many of those that have entered have ended, or have failed to be listed. */
    long ended() {
        return ended;
    }

    /**
     * As {@link #count}, without those whose start has still to be found: a message published from
     * now on is for all that are counted here. Exact for the moment at which it read who has
     * entered, since nobody ended meanwhile; one too few while a subscription is failing.
     * Lock-free.
     */
    int placed() {
        while (true) {
            long endedBefore = ended;
            long entered = entries;
            if (ended == endedBefore) {
                return (int) (entered / ENTRY - entered % ENTRY - endedBefore);
            }
        }
    }

    /** Takes back {@link #enter} for a receiver that has ended, or has failed to be listed. */
    void leave() {
        COUNT.getAndAdd(this, -1);
        ENDED.getAndAdd(this, 1L);
    }

    void add(Account account) {
        Account first;
        do {
            first = head;
            account.next = first;
        } while (!HEAD.compareAndSet(this, first, account));
    }

    /**
     * Ends an account: its receiver counts no more, and what it has lost without having been told
     * is added to the total. The listener is told. Does nothing if the account has ended before.
     *
     * @return whether this call ended it
     */
    boolean end(Account account, NoMessage why) {
        long pending = settle(account, why);
        if (pending == ENDED_BEFORE) {
            return false;
        }
        tellEnded(account, pending);
        return true;
    }

    /** Ends the account of a receiver that nobody can use any more; the listener is not told. */
    private long settleAbandoned(Account account) {
        StackProbe.requireRoom(); // an account must not be left half ended
        return settle(account, NoMessage.RECEIVER_CLOSED);
    }

    /** Ends an account; its pending loss, or {@link #ENDED_BEFORE}. */
    private long settle(Account account, NoMessage why) {
        if (!account.tryEnd(why)) {
            return ENDED_BEFORE;
        }
        leave();
        long pending = account.settle(windowStart());
        countMissed(pending);
        CONFLATED.getAndAdd(this, account.conflated());
        account.settled();
        return pending;
    }

    private void tellEnded(Account account, long pending) {
        listener.ended(account, account.missedSince() + pending);
    }

    void countMissed(long messages) {
        if (messages > 0) {
            MISSED.getAndAdd(this, messages);
        }
    }

    private long windowStart() {
        return Math.max(0, ring.tail() - ring.capacity());
    }

    // ---- walks ----

    /**
     * Adds up the receivers.
     *
     * <p>The total of losses is read before the positions and a lag moves the position before it
     * adds to the total, so a loss in transit is left out rather than counted twice, and the
     * largest value returned so far covers for it. A message that is overwritten while its receiver
     * takes it may be counted though it is delivered, as long as the receiver's step has not
     * reached memory; losses soon catch up.
     *
     * @param visitor shown each living receiver; null to show them to nobody
     */
    Totals totals(@Nullable ReceiverVisitor visitor) {
        long sum = missed;
        long leftOut = conflated;
        long tail = ring.tail();
        long windowStart = Math.max(0, tail - ring.capacity());
        long deepest = 0;
        for (Account account = head; account != null; account = account.next) {
            if (!account.isLive()) {
                continue;
            }
            // Not read where nobody is to see it, so that who asks often keeps no receiver.
            Subscriber receiver = visitor == null ? null : account.get();
            if (receiver == null && account.refersTo(null)) {
                long pending = settleAbandoned(account);
                if (pending != ENDED_BEFORE) {
                    sum += pending; // the totals were read before
                    leftOut += account.conflated();
                    tellEnded(account, pending);
                }
            } else {
                // Told before pending, in the reverse order of a lag; see Account.
                long told = account.missedSince();
                long pending = account.pending(windowStart);
                long depth = Math.clamp(tail - account.cursor(), 0, ring.capacity());
                sum += pending;
                leftOut += account.conflated();
                deepest = Math.max(deepest, depth);
                if (visitor != null && receiver != null) {
                    visitor.visit(
                            receiver, account, told + pending, (int) depth, receiver.isWaiting());
                }
            }
        }
        return new Totals(
                reported.accumulateAndGet(sum, Math::max),
                reportedConflated.accumulateAndGet(leftOut, Math::max),
                (int) deepest);
    }

    /** The living account of a subscription, or null. */
    @Nullable Account find(long id) {
        for (Account account = head; account != null; account = account.next) {
            if (account.id() == id) {
                return account.isLive() ? account : null;
            }
        }
        return null;
    }

    /** Whether every receiver that lives has handled everything below {@code limit}. */
    boolean isIdle(long limit) {
        for (Account account = head; account != null; account = account.next) {
            endIfAbandoned(account);
            if (!account.isIdle(limit)) {
                return false;
            }
        }
        return true;
    }

    /** The account listed last, or null. */
    @Nullable Account newest() {
        return head;
    }

    /**
     * The lowest position below {@code end} of a living account, or {@code end}.
     *
     * @param from the account to begin with
     * @param until the account to end before; null for all
     */
    @SuppressWarnings("ReferenceEquality") // the very accounts
    Furthest furthestBehind(@Nullable Account from, @Nullable Account until, long end) {
        Account last = null;
        long lowest = end;
        int behind = 0;
        for (Account account = from; account != null && account != until; account = account.next) {
            endIfAbandoned(account);
            if (account.isLive()) {
                long position = account.position();
                if (position < end) {
                    behind++;
                }
                if (position < lowest) {
                    lowest = position;
                    last = account;
                }
            }
        }
        return new Furthest(last, lowest, behind);
    }

    /**
     * What {@link #furthestBehind} found.
     *
     * @param account the account furthest behind, or null if all are at the end
     * @param position where it stood, or the end
     * @param behind how many were not at the end
     */
    record Furthest(@Nullable Account account, long position, int behind) {
        /** What a walk over both parts would have found. */
        Furthest with(Furthest other) {
            Furthest lower = other.position < position ? other : this;
            return new Furthest(lower.account, lower.position, behind + other.behind);
        }
    }

    /** Ends the account of a receiver that nobody can use any more, and tells the listener. */
    void endIfAbandoned(Account account) {
        if (account.isAbandoned()) {
            long pending = settleAbandoned(account);
            if (pending != ENDED_BEFORE) {
                tellEnded(account, pending);
            }
        }
    }

    /**
     * Unlinks ended accounts among the next few; returns at once if another thread is at it.
     *
     * <p>To be called before a step rather than after it: a sweep that fails must not make a step
     * fail that has taken place.
     */
    void sweep() {
        if (sweeping || !SWEEPING.compareAndSet(this, false, true)) {
            return;
        }
        Account[] noticed = null;
        long[] pending = null;
        int count = 0;
        try {
            Account last = sweptTo;
            for (int looks = 0; looks < SWEEP; looks++) {
                Account account = last == null ? head : last.next;
                if (account == null) {
                    last = null;
                    break;
                }
                if (account.isAbandoned()) {
                    if (noticed == null || pending == null) {
                        noticed = new Account[SWEEP];
                        pending = new long[SWEEP];
                    }
                    pending[count] = settleAbandoned(account);
                    noticed[count++] = account;
                }
                if (account.isLive()) {
                    last = account;
                } else if (last != null) {
                    last.next = account.next;
                } else if (!HEAD.compareAndSet(this, account, account.next)) {
                    break; // no longer the head, because someone subscribed; swept later
                }
            }
            sweptTo = last;
        } finally {
            sweeping = false;
        }
        // Not while others find the sweeping taken: the listener may run user code.
        for (int i = 0; i < count && noticed != null && pending != null; i++) {
            if (pending[i] != ENDED_BEFORE) {
                tellEnded(noticed[i], pending[i]);
            }
        }
    }
}
