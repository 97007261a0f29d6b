package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * What a channel consists of; publishers read it, so it shares no cache line with what is written.
 */
abstract class ChannelParts extends PadBefore {
    final Ring ring;
    final Receivers receivers;
    final WakeUps wakeUps;
    final @Nullable Amnesia amnesia;
    final long lingerNanos;

    ChannelParts(
            Ring ring, long lingerNanos, boolean amnesia, Receivers receivers, WakeUps wakeUps) {
        this.ring = ring;
        this.receivers = receivers;
        this.wakeUps = wakeUps;
        this.lingerNanos = lingerNanos;
        this.amnesia = amnesia ? new Amnesia(ring, receivers) : null;
    }
}

/**
 * The engine whole: a ring, the threads parked on it, and the accounts of its receivers.
 *
 * <p>Thread safety: every method may be called from any thread. None blocks.
 */
public final class Channel extends ChannelParts {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    /**
     * Puts an engine together.
     *
     * @param ring an empty ring, used by this channel alone
     * @param lingerNanos how long a receiver that ran dry sleeps before it enlists for a wake-up; 0
     *     to enlist at once
     * @param amnesia whether a closed channel drops the messages that no receiver can read any more
     * @param listener told of wake-ups and of receivers that end
     */
    public Channel(Ring ring, long lingerNanos, boolean amnesia, ChannelListener listener) {
        this(
                ring,
                lingerNanos,
                amnesia,
                listener,
                new WakeUps(new WaitStack(listener::woke), new WaitStack(listener::woke)));
    }

    /** As above, without a listener. */
    public Channel(Ring ring, long lingerNanos, boolean amnesia) {
        this(ring, lingerNanos, amnesia, ChannelListener.NOBODY);
    }

    Channel(Ring ring, long lingerNanos, boolean amnesia, WaitStack virtuals, WaitStack platforms) {
        this(ring, lingerNanos, amnesia, ChannelListener.NOBODY, new WakeUps(virtuals, platforms));
    }

    private Channel(
            Ring ring,
            long lingerNanos,
            boolean amnesia,
            ChannelListener listener,
            WakeUps wakeUps) {
        super(ring, lingerNanos, amnesia, new Receivers(ring, listener), wakeUps);
    }

    // ---- publishers ----

    /**
     * Publishes one event and wakes the receivers that wait; the message's sequence, or {@link
     * Ring#CLOSED}. Lock-free.
     */
    public long publish(Object event) {
        // Loaded before the compare-and-set, which no later load can overtake.
        WakeUps parked = wakeUps;
        boolean probed = parked.prepareToWake();
        long sequence = ring.publish(event);
        if (sequence != Ring.CLOSED) {
            parked.wake(probed);
        }
        return sequence;
    }

    /**
     * Begins a batch; see {@link Appender}.
     *
     * @param yieldEvery after how many events the appender yields the thread; 0 for never
     * @return a new appender
     */
    public Appender appender(int yieldEvery) {
        return new Appender(ring, wakeUps, yieldEvery);
    }

    /** Ends the channel; true for the one call that did. Lock-free. */
    public boolean close() {
        StackProbe.requireRoom(); // close must not take effect and then fail to wake
        boolean closed = ring.close();
        try {
            // The second to close wakes too: the first may have been preempted before it did.
            wakeUps.wake(true);
        } finally {
            dropUnreadable();
        }
        return closed;
    }

    // ---- receivers ----

    Ring ring() {
        return ring;
    }

    Receivers receivers() {
        return receivers;
    }

    @Nullable Amnesia amnesia() {
        return amnesia;
    }

    long lingerNanos() {
        return lingerNanos;
    }

    WakeUps wakeUps() {
        return wakeUps;
    }

    /** Ends an account, or throws before anything has changed. */
    void endReceiver(Account account, NoMessage why) {
        receivers.sweep();
        StackProbe.requireRoom(); // an account must not be left half ended
        receivers.end(account, why);
        dropUnreadable();
    }

    /**
     * To be called whenever a receiver may have ended or be about to read no more. Comes after a
     * step that has taken place, hence throws nothing: what it fails to drop goes with the next
     * event.
     */
    void dropUnreadable() {
        if (amnesia != null) {
            try {
                amnesia.dropUnreadable();
            } catch (StackOverflowError | OutOfMemoryError e) {
                // No matter of the caller's, whose own step has succeeded.
            }
        }
    }

    /** The first sequence that a receiver subscribing now may still be given. */
    long forgottenTo() {
        return amnesia == null ? 0 : amnesia.forgottenTo();
    }

    // ---- totals, taken without stopping anyone ----

    /** The effective capacity. */
    public int capacity() {
        return ring.capacity();
    }

    /** Messages published so far. */
    public long published() {
        return ring.tail();
    }

    /** Whether {@link #close} has taken its place in the order. */
    public boolean isClosed() {
        return ring.terminal() != null;
    }

    /** Receivers that live, abandoned ones included until they are noticed. */
    public int receiverCount() {
        return receivers.count();
    }

    /**
     * Adds up the receivers in one walk, which costs time proportional to their number.
     *
     * @param visitor shown each living receiver, the latest first; null to show them to nobody
     */
    public Totals totals(@Nullable ReceiverVisitor visitor) {
        Totals totals = receivers.totals(visitor);
        dropUnreadable(); // the walk may have noticed that a receiver was abandoned
        return totals;
    }

    /** Times a parked receiver was woken. */
    public long wakeups() {
        return wakeUps.woken();
    }
}
