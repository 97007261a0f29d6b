package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Receiver;

import java.lang.ref.WeakReference;

/**
 * A receiver that left without a word. It goes on missing messages until the bus notices, which it
 * can once the collector has cleared this reference: all references to one object are cleared at
 * once.
 */
final class Abandoned extends WeakReference<Receiver<Event>> {
    private final Ledger ledger;
    private long accepted;

    /** Left when so many had been accepted. */
    Abandoned(Receiver<Event> receiver, Ledger ledger, long accepted) {
        super(receiver);
        this.ledger = ledger;
        this.accepted = accepted;
    }

    Ledger ledger() {
        return ledger;
    }

    /**
     * Whether it has been collected. If not, it was still missing messages when so many had been
     * accepted.
     */
    boolean isCollected(long acceptedBefore) {
        if (refersTo(null)) {
            return true;
        }
        accepted = acceptedBefore;
        return false;
    }

    /** Events accepted when it was last seen not collected. */
    long accepted() {
        return accepted;
    }
}
