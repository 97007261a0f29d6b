package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.util.function.IntConsumer;

/**
 * The engine whole: a ring, the threads parked on it, and the accounts of its receivers.
 *
 * <p>Thread safety: every method may be called from any thread. None blocks.
 */
public final class Channel {
    static {
        WarmUp.run();
    }

    private final Ring ring;
    private final Receivers receivers;
    private final WaitStack virtuals;
    private final WaitStack platforms;
    private final @Nullable Amnesia amnesia;
    private final long lingerNanos;

    /**
     * Puts an engine together.
     *
     * @param ring an empty ring, used by this channel alone
     * @param lingerNanos how long a receiver that ran dry sleeps before it enlists for a wake-up; 0
     *     to enlist at once
     * @param amnesia whether a closed channel drops the messages that no receiver can read any more
     */
    public Channel(Ring ring, long lingerNanos, boolean amnesia) {
        this(ring, lingerNanos, amnesia, new WaitStack(), new WaitStack());
    }

    /**
     * As above, with someone who is told of wake-ups.
     *
     * @param onWake told how many enlistments a publisher or the close has set about waking, or a
     *     receiver that found too many left behind; those of receivers that have left or are just
     *     leaving included; called in that thread after the hand-over, must not throw
     */
    public Channel(Ring ring, long lingerNanos, boolean amnesia, IntConsumer onWake) {
        this(ring, lingerNanos, amnesia, new WaitStack(onWake), new WaitStack(onWake));
    }

    Channel(Ring ring, long lingerNanos, boolean amnesia, WaitStack virtuals, WaitStack platforms) {
        this.ring = ring;
        this.virtuals = virtuals;
        this.platforms = platforms;
        this.receivers = new Receivers(ring);
        this.lingerNanos = lingerNanos;
        this.amnesia = amnesia ? new Amnesia(ring, receivers) : null;
    }

    // ---- publishers ----

    /**
     * Publishes one event and wakes who waits; the message's sequence, or {@link Ring#CLOSED}.
     * Lock-free.
     */
    public long publish(Object event) {
        // Loaded before the compare-and-set, which no later load can overtake.
        WaitStack virtual = virtuals;
        WaitStack platform = platforms;
        boolean probed = virtual.prepareToWake() || platform.prepareToWake();
        long sequence = ring.publish(event);
        if (sequence != Ring.CLOSED) {
            try {
                virtual.wakeIfAny(probed);
            } finally {
                platform.wakeIfAny(probed);
            }
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
        return new Appender(this, ring, yieldEvery);
    }

    /** To be called before something is published that {@link #wake} is then to announce. */
    boolean prepareToWake() {
        return virtuals.prepareToWake() || platforms.prepareToWake();
    }

    /** Wakes every receiver parked before this call. */
    void wake(boolean probed) {
        try {
            virtuals.wakeIfAny(probed);
        } finally {
            platforms.wakeIfAny(probed);
        }
    }

    /** Ends the channel; true for the one call that did. Lock-free. */
    public boolean close() {
        StackProbe.touch(); // close must not take effect and then fail to wake
        boolean closed = ring.close();
        try {
            // Also by who came second: the first may have been preempted before it woke anyone.
            wake(true);
        } finally {
            forget();
        }
        return closed;
    }

    /** Serves what an error has kept others from serving: after the close no publisher does. */
    void wakeLeftover() {
        if (virtuals.hasLeftover() || platforms.hasLeftover()) {
            wake(false);
        }
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

    WaitStack stackFor(Thread thread) {
        return thread.isVirtual() ? virtuals : platforms;
    }

    void end(Account account) {
        StackProbe.touch(); // an account must not be left half ended
        receivers.end(account);
        receivers.sweep();
        forget();
    }

    /** To be called whenever a receiver may have ended or be about to read no more. */
    void forget() {
        if (amnesia != null) {
            amnesia.forget();
        }
    }

    // ---- totals, taken without stopping anyone ----

    /** The effective capacity. */
    public int capacity() {
        return ring.capacity();
    }

    /**
     * The next sequence to be published, or one shortly before it. Cheaper than {@link #published}.
     */
    public long tailHint() {
        return ring.hint();
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

    /** Messages missed by all receivers, living and gone, told or pending. Never decreases. */
    public long missed() {
        long missed = receivers.missed();
        forget(); // the walk may have noticed that a receiver was abandoned
        return missed;
    }

    /** Messages published and not yet read by the receiver furthest behind; 0 to the capacity. */
    public int depth() {
        int depth = receivers.depth();
        forget();
        return depth;
    }

    /**
     * Shows a visitor the living receivers, the latest first. Costs time proportional to their
     * number.
     */
    public void forEachReceiver(ReceiverVisitor visitor) {
        receivers.forEach(visitor);
    }

    /** Times a parked receiver was woken. */
    public long wakeups() {
        return virtuals.woken() + platforms.woken();
    }
}
