package dev.rustyonions.bus.ring;

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
    private final int yieldEvery;
    private int sinceYield;

    /** Where to look for the next free position. While dirty: after the last message appended. */
    private long next;

    private boolean dirty;
    private boolean probed;

    Appender(Ring ring, WakeUps wakeUps, int yieldEvery) {
        this.ring = ring;
        this.wakeUps = wakeUps;
        this.yieldEvery = yieldEvery;
    }

    /**
     * Appends one event. Lock-free; may yield the thread, wake-ups first, if the appender was told
     * to.
     *
     * @param event the event
     * @return false once the channel is closed
     */
    public boolean append(Object event) {
        if (yieldEvery != 0 && sinceYield >= yieldEvery) {
            // Here, not after the last append: that one has accepted its event and must say so.
            commit();
        }
        if (!dirty) {
            probed = wakeUps.prepareToWake();
            next = ring.hint();
        }
        long sequence = ring.claim(next, event);
        if (sequence == Ring.CLOSED) {
            return false;
        }
        next = sequence + 1;
        dirty = true;
        sinceYield++;
        return true;
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
