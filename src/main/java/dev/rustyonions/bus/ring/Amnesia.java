package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Drops the messages of a closed ring that no receiver can read any more.
 *
 * <p>Told when the ring closes, of each message a receiver passes from then on, and of each receiver
 * that ends. The receiver furthest behind decides what may go.
 */
final class Amnesia {
    /*
     * Cost. To find the receiver furthest behind takes a walk over all of them. As long as the one
     * found last stands where it stood nothing can go and nothing is walked; and after a walk that
     * found n receivers not at the end, the next waits for n / 2 events. So an event costs O(1)
     * amortised however many receivers there are. A single receiver's messages go one by one as it
     * passes them, those of many in fewer and larger steps.
     *
     * Nothing stays for ever. Each of the n receivers has at least one more event, the one at which
     * it reaches the end or is ended, and the last of these is followed by a walk. One call may
     * notice that many were abandoned, so ends are counted on their own as well. Events are counted
     * from before a walk, so none is lost to it. Between its step and its event a receiver
     * issues a full fence (in forget), so of two receivers that step at once one sees the other's
     * step. A receiver that steps while the ring closes may not know of the close, nor the closer of
     * the step; no fence in every receive for that: it is seen at the receiver's next event.
     *
     * A receiver that counts already but is not listed yet may be owed any message. A walk during
     * which one entered is made again, none begins until it is listed, and then, or when it fails
     * to be, it reports. One that enters after the walk finds the window as the walk leaves it.
     */
    private static final VarHandle EVENTS =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "events", VarHandle.class, Amnesia.class, long.class);

    private final Ring ring;
    private final Receivers receivers;

    /** What forgotten slots hold, once the ring is known to be closed. */
    private volatile @Nullable Terminal forgotten;

    /** Racy: a stale one costs a walk or waits for the next event. */
    private volatile @Nullable Look last;

    /** Everything below is forgotten. Racy: a stale one costs clearing again. */
    private volatile long forgottenTo;

    private volatile boolean done;

    private volatile long events;

    Amnesia(Ring ring, Receivers receivers) {
        this.ring = ring;
        this.receivers = receivers;
    }

    /** A receiver has passed a message. */
    void passed() {
        if (forgotten != null) {
            try {
                forget();
            } catch (StackOverflowError | OutOfMemoryError e) {
                // The message is counted already and must reach the caller; it goes with the next
                // event.
            }
        }
    }

    /** The ring may have closed, or a receiver ended. */
    void forget() {
        if (done) {
            return;
        }
        VarHandle.fullFence();
        Terminal end = forgotten;
        if (end == null) {
            Terminal terminal = ring.terminal();
            if (terminal == null) {
                return;
            }
            end = new Terminal(terminal.sequence, null);
            forgottenTo = Math.max(0, end.sequence - ring.capacity());
            forgotten = end;
        }
        EVENTS.getAndAdd(this, 1L);
        long entries;
        Look look;
        do {
            entries = receivers.entries();
            long now = events + receivers.ended();
            Look known = last;
            if (Receivers.isEntering(entries) || (known != null && !known.isDue(now))) {
                return;
            }
            look = receivers.lookBehind(end.sequence, now);
        } while (receivers.entries() != entries); // one that entered meanwhile may be behind
        last = look;
        ring.forget(end, forgottenTo, look.position);
        forgottenTo =
                Math.max(forgottenTo, look.position); // a lapped receiver stands below the window
        if (look.account == null) {
            done = true;
        }
    }

    /**
     * What a walk found.
     *
     * @param account the receiver furthest behind, or null if all are at the end
     * @param position where it stood, or the end
     * @param behind how many were not at the end
     * @param events how many events and ends there had been before the walk
     */
    record Look(@Nullable Account account, long position, int behind, long events) {
        /** Whether another walk may find that more can go. */
        boolean isDue(long now) {
            if (account != null
                    && account.isLive()
                    && !account.isAbandoned()
                    && account.position() == position) {
                return false;
            }
            return now - events >= behind / 2;
        }
    }
}
