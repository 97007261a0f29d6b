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
    private final Channel channel;
    private final Ring ring;
    private final int yieldEvery;
    private int sinceYield;

    /** While dirty: the position after the last message appended. */
    private long next;

    private boolean dirty;

    Appender(Channel channel, Ring ring, int yieldEvery) {
        this.channel = channel;
        this.ring = ring;
        this.yieldEvery = yieldEvery;
    }

    /**
     * Appends one event. Lock-free; may yield the thread, wake-ups first, if the appender was told
     * to.
     *
     * @param event the event
     * @return false once the channel is closed
     */
    @SuppressWarnings(
            "ThreadPriorityCheck") // a yield the user asked for, a matter of fairness only
    public boolean append(Object event) {
        if (!dirty) {
            StackProbe.touch(); // for the wake-up that this event will be owed
        }
        long sequence = ring.claim(dirty ? next : ring.hint(), event);
        if (sequence == Ring.CLOSED) {
            return false;
        }
        next = sequence + 1;
        dirty = true;
        if (yieldEvery != 0 && ++sinceYield == yieldEvery) {
            sinceYield = 0;
            commit();
            Thread.yield();
        }
        return true;
    }

    /**
     * Moves the hint over what was appended and wakes who waits. The appender may go on afterwards.
     */
    public void commit() {
        if (dirty) {
            dirty = false;
            ring.advanceHint(next);
            channel.wake();
        }
    }
}
