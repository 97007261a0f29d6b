package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Receiver;

import java.lang.ref.WeakReference;

/**
 * A receiver that left without a word. It goes on missing messages until the bus notices, which it can once the collector has
 * cleared this reference: all references to one object are cleared at once.
 */
final class Abandoned extends WeakReference<Receiver<Event>> {
    private final Account account;
    private long accepted;

    /** Left when so many had been accepted. */
    Abandoned(Receiver<Event> receiver, Account account, long accepted) {
        super(receiver);
        this.account = account;
        this.accepted = accepted;
    }

    Account account() {
        return account;
    }

    /** Whether it has been collected. If not, it was still missing messages when so many had been accepted. */
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
