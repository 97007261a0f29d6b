package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Keeps the count, which every publish reads, off the line of what precedes it in memory; see
 * {@link RingPadBefore}.
 */
abstract class ReceiversPadBefore {
    long b00, b01, b02, b03, b04, b05, b06, b07, b10, b11, b12, b13, b14, b15, b16, b17;
}

/** What publishers read of the receivers. */
abstract class ReceiversCount extends ReceiversPadBefore {
    /** Living receivers, abandoned ones included until they are noticed. Volatile. */
    int count;
}

/** Keeps the count off the line of the fields that lagging receivers write. */
abstract class ReceiversPadAfter extends ReceiversCount {
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;
}

/** Who is subscribed, and how much all of them, living and gone, have missed. */
final class Receivers extends ReceiversPadAfter {
    /*
     * The registry is a linked list: pushed at the head by compare-and-set, unlinked by one sweeper
     * at a time. The sweeper's flag is tried, never waited for; who finds it taken leaves the
     * sweeping to its holder. Only the sweeper writes a published next, and a node never comes
     * back, so readers may walk the list at any time: one that stands on an unlinked account is led
     * on to accounts that were in the list when it set out.
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

    private static final long ENTRY = 1L << 32;

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
    private static final VarHandle LOST =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "lost", VarHandle.class, Receivers.class, long.class);
    private static final VarHandle REPORTED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "reported",
                    VarHandle.class,
                    Receivers.class,
                    long.class);

    private final Ring ring;

    private volatile @Nullable Account head;

    /**
     * How many have entered, times {@link #ENTRY}, and in the lower half how many of them are
     * between {@link #enter} and {@link #entered}.
     */
    private volatile long entries;

    /** Accounts ended so far. */
    private volatile long ended;

    /** Losses told by lags, and what was pending when an account ended. */
    private volatile long lost;

    /** The largest value {@link #missed} has returned. */
    private volatile long reported;

    private volatile boolean sweeping;

    /**
     * The account after which the next sweep goes on; null for the head. Sweeper only; the flag
     * orders its accesses.
     */
    private @Nullable Account sweptTo;

    Receivers(Ring ring) {
        this.ring = ring;
    }

    int count() {
        return (int) COUNT.getVolatile(this);
    }

    /**
     * Counts a receiver before its start is found: a publish that finds a slot above that start
     * also finds the count.
     */
    void enter() {
        ENTRIES.getAndAdd(this, ENTRY + 1);
        COUNT.getAndAdd(this, 1);
        // The caller now looks for the tail by acquire reads, which alone could overtake the count.
        VarHandle.fullFence();
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
        return (int) entries != 0;
    }

    /** Accounts ended so far. */
    long ended() {
        return ended;
    }

    /** Takes back {@link #enter} for a receiver that did not come to be. */
    void leave() {
        COUNT.getAndAdd(this, -1);
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
     * is added to the total.
     *
     * @return that loss, or 0 if the account has been ended before
     */
    long end(Account account) {
        if (!account.end()) {
            return 0;
        }
        leave();
        ENDED.getAndAdd(this, 1L);
        long pending = Math.max(0, windowStart() - account.settle());
        countLost(pending);
        return pending;
    }

    private long endAbandoned(Account account) {
        StackProbe.touch(); // an account must not be left half ended
        return end(account);
    }

    void countLost(long messages) {
        if (messages > 0) {
            LOST.getAndAdd(this, messages);
        }
    }

    private long windowStart() {
        return Math.max(0, ring.tail() - ring.capacity());
    }

    // ---- walks ----

    /**
     * Messages missed by all receivers so far, told or pending; never less than an earlier call
     * returned.
     *
     * <p>The total is read before the positions and a lag moves the position before it adds to the
     * total, so a loss in transit is left out rather than counted twice, and the largest value
     * returned so far covers for it. A message that is overwritten while its receiver
     * takes it may be counted though it is delivered: one for each receiver at most, until losses
     * have caught up.
     */
    long missed() {
        long sum = lost;
        long windowStart = windowStart();
        for (Account account = head; account != null; account = account.next) {
            if (account.isAbandoned()) {
                sum += endAbandoned(account); // the total was read before
            } else if (account.isLive()) {
                sum += Math.max(0, windowStart - account.position());
            }
        }
        long before = reported;
        while (before < sum && !REPORTED.compareAndSet(this, before, sum)) {
            before = reported;
        }
        return Math.max(before, sum);
    }

    /** Messages published and not yet read by the receiver furthest behind; 0 to the capacity. */
    int depth() {
        long tail = ring.tail();
        long deepest = 0;
        for (Account account = head; account != null; account = account.next) {
            if (isLiving(account)) {
                deepest = Math.max(deepest, tail - account.cursor());
            }
        }
        return (int) Math.min(deepest, ring.capacity());
    }

    /**
     * Shows a visitor every living receiver. Its loss told is read before its position, in the
     * reverse order of a lag: one in transit may be left out for a moment but is not counted twice.
     */
    void forEach(ReceiverVisitor visitor) {
        long tail = ring.tail();
        long windowStart = Math.max(0, tail - ring.capacity());
        for (Account account = head; account != null; account = account.next) {
            Cursor cursor = account.get();
            if (cursor != null && account.isLive()) {
                long told = account.missed();
                long behind = tail - account.cursor();
                long pending = Math.max(0, windowStart - account.position());
                visitor.visit(cursor, told + pending, Math.clamp(behind, 0, ring.capacity()));
            }
        }
    }

    /** Looks for the living account furthest behind {@code end}; each position is read once. */
    Amnesia.Look lookBehind(long end, long eventsBefore) {
        Account last = null;
        long lowest = end;
        int behind = 0;
        for (Account account = head; account != null; account = account.next) {
            if (isLiving(account)) {
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
        return new Amnesia.Look(last, lowest, behind, eventsBefore);
    }

    /** Whether the account's receiver is still there; ends the account of an abandoned one. */
    private boolean isLiving(Account account) {
        if (account.isAbandoned()) {
            endAbandoned(account);
        }
        return account.isLive();
    }

    /** Unlinks ended accounts among the next few; returns at once if another thread is at it. */
    void sweep() {
        if (sweeping || !SWEEPING.compareAndSet(this, false, true)) {
            return;
        }
        try {
            Account last = sweptTo;
            for (int looks = 0; looks < SWEEP; looks++) {
                Account account = last == null ? head : last.next;
                if (account == null) {
                    last = null;
                    break;
                }
                if (isLiving(account)) {
                    last = account;
                } else if (last != null) {
                    last.next = account.next;
                } else if (!HEAD.compareAndSet(this, account, account.next)) {
                    break; // someone subscribed; the account is the head no more and its turn will
                    // come
                }
            }
            sweptTo = last;
        } finally {
            sweeping = false;
        }
    }
}
