package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;

/** What a receiver has been given, and whether there was a gap that no lag has told of. */
final class Sequel {
    /**
     * What was received and is yet to be entered. Its user stores into it, and then counts: on a
     * stack that is almost full a call could overflow where the receive before it did not, and lose
     * what that has returned.
     */
    final Object[] kept = new Object[4096];

    int keeps;

    private long next;
    private int gaps;

    /** Enters what was kept; to be called where there is stack. */
    void enterKept() {
        for (int i = 0; i < keeps; i++) {
            enter((Polled<?>) kept[i]);
        }
        keeps = 0;
    }

    /** Enters what was received after all that was kept; false if it was nothing. */
    boolean enter(Polled<?> polled) {
        if (polled instanceof Message<?> message) {
            enter(message.sequence(), 1);
            return true;
        }
        if (polled instanceof Lagged<?> lagged) {
            enter(lagged.from(), lagged.missed());
            return true;
        }
        return false;
    }

    private void enter(long from, long events) {
        if (from != next) {
            gaps++;
        }
        next = from + events;
    }

    long next() {
        return next;
    }

    int gaps() {
        return gaps;
    }
}
