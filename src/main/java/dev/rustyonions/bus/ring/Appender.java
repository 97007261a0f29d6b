package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * Publishes events one by one, with one update of the tail hint and one wake-up sweep for all of
 * them, at {@link #commit}.
 *
 * <p>Each message is readable as soon as it is appended; receivers that are parked learn of it at
 * the commit, which the caller must therefore make in any case, after an error too. Not
 * thread-safe; one per batch.
 */
public final class Appender {
    private final Ring ring;
    private final WakeUps wakeUps;

    /** Null if the appender does not wait for lossless receivers. */
    private final @Nullable Room room;

    private final @Nullable PublisherWaits publisherWaits;
    private final int yieldEvery;
    private int sinceYield;

    /** Where to look for the next free position. While dirty: after the last message appended. */
    private long next;

    private boolean dirty;
    private boolean probed;

    Appender(
            Ring ring,
            WakeUps wakeUps,
            @Nullable Room room,
            @Nullable PublisherWaits publisherWaits,
            int yieldEvery) {
        this.ring = ring;
        this.wakeUps = wakeUps;
        this.room = room;
        this.publisherWaits = publisherWaits;
        this.yieldEvery = yieldEvery;
    }

    /**
     * Appends one event. May yield the thread, if the appender was told to, and waits for lossless
     * receivers, if it is one that does; wake-ups come first in either case. Otherwise lock-free.
     *
     * @param event the event
     * @return the message's sequence, {@link Ring#CLOSED}, or {@link Ring#INTERRUPTED} of one that
     *     waits
     * @throws IllegalStateException if the thread would wait for itself
     */
    public long append(Object event) {
        if (yieldEvery != 0 && sinceYield >= yieldEvery) {
            // Here, not after the last append: that one has accepted its event and must say so.
            commit();
        }
        if (!dirty) {
            probed = wakeUps.prepareToWake();
            next = ring.hint();
        }
        long sequence = ring.claim(next, event, room);
        if (sequence == Ring.FULL && publisherWaits != null) {
            commit(); // receivers that sleep would not make room
            probed = wakeUps.prepareToWake();
            sequence = publisherWaits.claim(event, Waiter.FOREVER);
        }
        if (sequence >= 0) {
            next = sequence + 1;
            dirty = true;
            sinceYield++;
        }
        return sequence;
    }

    /** The sequence that the next event appended gets, unless another publisher takes it first. */
    public long expected() {
        return dirty ? next : ring.hint();
    }

    /**
     * Moves the hint over what was appended and wakes the receivers that wait. The appender may go
     * on afterwards.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a yield the user asked for, for fairness only
    public void commit() {
        if (dirty) {
            ring.advanceHint(next);
            boolean here = probed;
            probed = false; // if this fails, the next attempt may come from a deeper call
            wakeUps.wake(here);
            dirty = false;
        }
        if (yieldEvery != 0 && sinceYield >= yieldEvery) {
            sinceYield = 0;
            Thread.yield();
        }
    }
}
