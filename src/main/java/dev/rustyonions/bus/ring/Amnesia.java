package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * Drops the messages of a closed ring that no receiver can read any more.
 *
 * <p>Asked when the ring closes and whenever a receiver reaches its end, is closed, or is noticed
 * to be abandoned. The receiver furthest behind decides what may go; as long as that one stands
 * where it stood, the others' progress changes nothing and is not looked at.
 */
final class Amnesia {
    private final Ring ring;
    private final Receivers receivers;

    /** Who stood furthest behind at the last look, and where. Racy: a stale one costs a look. */
    private volatile @Nullable Look last;

    private volatile boolean done;

    Amnesia(Ring ring, Receivers receivers) {
        this.ring = ring;
        this.receivers = receivers;
    }

    void forget() {
        if (done) {
            return;
        }
        Terminal end = ring.terminal();
        if (end == null) {
            return;
        }
        Look known = last;
        if (known != null && known.holds()) {
            return;
        }
        Account slowest = receivers.last();
        long readable = slowest == null ? end.sequence : Math.min(slowest.position(), end.sequence);
        last = slowest == null ? null : new Look(slowest, readable);
        ring.forget(end, readable);
        if (readable == end.sequence) {
            done = true;
        }
    }

    private record Look(Account account, long position) {
        boolean holds() {
            return account.isLive() && !account.isAbandoned() && account.position() == position;
        }
    }
}
