package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Drops the messages of a closed ring that no receiver can read any more.
 *
 * <p>Told when the ring closes, of each message a receiver passes from then on, and of each
 * receiver that ends. The receiver furthest behind decides what may go.
 */
final class Amnesia implements Passing {
    /*
     * A walk, and those who subscribe meanwhile
     * -----------------------------------------
     *     walker                                  subscriber
     *     1 walk the list: the lowest is L        1 enter: count up (volatile), full fence
     *     2 forgottenTo = L (volatile)            2 read forgottenTo: start there or above
     *     3 read who has entered (volatile)       3 be listed, then say so
     *     4 walk those listed since 1
     *     5 drop what lies below the lowest
     *
     * If the subscriber's read (2) misses the walker's store (2), it precedes that store, hence its
     * entering (1) precedes the walker's read (3), which finds it. Then it is listed, and the
     * walker looks at its position (4), or it is still entering. In that case the walker drops
     * nothing and leaves the work to the subscriber, which reports as soon as it is listed or has
     * failed to be. A subscriber that the walker does not find starts above all that the walker
     * drops, whenever the walker gets to drop it. A subscriber that asks for a sequence below
     * forgottenTo is told what it missed, like anyone who asks for what is gone.
     *
     * No call walks the list twice, whatever others do: the second walk (4) ends where the first
     * began.
     *
     * Cost
     * ----
     * As long as the receiver found last stands where it stood nothing can go, and nothing is
     * walked. After a walk that found n receivers not at the end, the next waits for n / 2 events.
     * So an event costs O(1) amortised however many receivers there are. The messages of a single
     * receiver go one by one as it passes them, those of many in fewer and larger steps.
     *
     * Nothing stays for ever
     * ----------------------
     * Each of those n receivers has at least one more event, the one at which it reaches the end or
     * is ended, and the last of these events is followed by a walk. So is a walk that dropped
     * nothing: the subscriber for whose sake it did not is an event itself. One call may notice
     * that many receivers were abandoned, so ends are counted on their own as well. Events are
     * counted from before a walk, so none is lost to it. Between its step and its event a receiver
     * issues a full fence (in dropUnreadable), so of two receivers that step at once one sees the
     * other's step. If a receiver steps while the ring closes, neither it nor the closer may see
     * the other: a fence in every receive would be too dear. The receiver's next event catches up.
     */
    private static final VarHandle EVENTS =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "events", VarHandle.class, Amnesia.class, long.class);
    private static final VarHandle FORGOTTEN_TO =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "forgottenTo",
                    VarHandle.class,
                    Amnesia.class,
                    long.class);

    private final Ring ring;
    private final Receivers receivers;

    /** What forgotten slots hold, once the ring is known to be closed. */
    private volatile @Nullable Terminal tombstone;

    /** Everything below counts as forgotten, dropped already or not. Rises only. */
    private volatile long forgottenTo;

    /** Everything below is dropped. Racy: a stale value costs clearing again. */
    private volatile long droppedTo;

    /** Racy: a stale one costs a walk or waits for the next event. */
    private volatile @Nullable Walk last;

    private volatile boolean done;

    private volatile long events;

    Amnesia(Ring ring, Receivers receivers) {
        this.ring = ring;
        this.receivers = receivers;
    }

    @Override
    public void advanced(long position) {
        if (tombstone != null) {
            dropUnreadable();
        }
    }

    @Override
    public int stride() {
        return tombstone == null ? Ring.MAX_CAPACITY : 1; // nothing is dropped of an open ring
    }

    /**
     * The first sequence that a new receiver may still be given; 0 while the ring is open. To be
     * read between {@link Receivers#enter} and {@link Receivers#entered}.
     */
    long forgottenTo() {
        return forgottenTo;
    }

    /** The ring may have closed, a receiver may have ended, or one that entered is listed. */
    void dropUnreadable() {
        if (done) {
            return;
        }
        VarHandle.fullFence();
        Terminal end = tombstone;
        if (end == null) {
            Terminal terminal = ring.terminal();
            if (terminal == null) {
                return;
            }
            end = new Terminal(terminal.sequence, null);
            long oldest = Math.max(0, end.sequence - ring.capacity());
            raiseForgotten(oldest);
            // Not forgottenTo: another thread that is here too may have raised it already, and not
            // have dropped what lies below.
            droppedTo = oldest;
            tombstone = end;
        }
        EVENTS.getAndAdd(this, 1L);
        long now = events + receivers.ended();
        long entries = receivers.entries();
        Walk known = last;
        if (!Receivers.isEntering(entries) && (known == null || known.isAnotherDue(now))) {
            walk(end, entries, now);
        }
    }

    private void walk(Terminal end, long entries, long now) {
        Account newest = receivers.newest();
        Receivers.Furthest lowest = receivers.furthestBehind(newest, null, end.sequence);
        raiseForgotten(lowest.position());
        long entriesAfter = receivers.entries();
        boolean complete = !Receivers.isEntering(entriesAfter);
        if (complete && entriesAfter != entries) {
            lowest =
                    lowest.with(receivers.furthestBehind(receivers.newest(), newest, end.sequence));
        }
        last = new Walk(lowest, now, complete);
        if (complete) {
            ring.clear(end, droppedTo, lowest.position());
            droppedTo = Math.max(droppedTo, lowest.position()); // a lapped receiver stands lower
            if (lowest.account() == null) {
                done = true;
            }
        }
    }

    private void raiseForgotten(long to) {
        long before = forgottenTo;
        while (before < to && !FORGOTTEN_TO.compareAndSet(this, before, to)) {
            before = forgottenTo;
        }
    }

    /**
     * A walk that was made.
     *
     * @param lowest the receiver furthest behind
     * @param events how many events and ends there had been before the walk
     * @param complete whether the walk dropped what it found may go
     */
    private record Walk(Receivers.Furthest lowest, long events, boolean complete) {
        /** Whether another walk may find that more can go. */
        boolean isAnotherDue(long now) {
            Account account = lowest.account();
            if (complete
                    && account != null
                    && account.isLive()
                    && !account.isAbandoned()
                    && account.position() == lowest.position()) {
                return false;
            }
            return now - events >= lowest.behind() / 2;
        }
    }
}
