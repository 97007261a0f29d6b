package dev.rustyonions.bus.ring;

/**
 * Publishes events one by one, with one update of the tail hint and one wake-up sweep for all of them, at {@link #commit}.
 *
 * <p>Each message is readable as soon as it is appended; receivers that are parked learn of it at the commit, which the caller must
 * therefore make in any case, after an error too. Not thread-safe; one per batch.
 */
public final class Appender {
    private final Channel channel;
    private final Ring ring;
    private long next;
    private boolean dirty;

    Appender(Channel channel, Ring ring) {
        this.channel = channel;
        this.ring = ring;
        this.next = ring.hint();
    }

    /** Appends one event; false once the channel is closed. Lock-free. */
    public boolean append(Object event) {
        long sequence = ring.claim(next, event);
        if (sequence == Ring.CLOSED) {
            return false;
        }
        next = sequence + 1;
        dirty = true;
        return true;
    }

    /** Moves the hint over what was appended and wakes who waits. The appender may go on afterwards. */
    public void commit() {
        if (dirty) {
            dirty = false;
            ring.advanceHint(next);
            channel.wake();
        }
    }
}
