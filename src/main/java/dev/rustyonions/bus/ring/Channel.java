package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * What a channel consists of; publishers read it, so it shares no cache line with what is written.
 */
abstract class ChannelParts extends PadBefore {
    final Ring ring;
    final Receivers receivers;
    final WakeUps wakeUps;
    final Room room;
    final PublisherWaits publisherWaits;
    final @Nullable Amnesia amnesia;
    final ChannelListener listener;
    final long lingerNanos;

    ChannelParts(
            Ring ring,
            long lingerNanos,
            boolean amnesia,
            ChannelListener listener,
            WakeUps wakeUps,
            Room room) {
        this.ring = ring;
        this.receivers = new Receivers(ring, listener);
        this.listener = listener;
        this.wakeUps = wakeUps;
        this.lingerNanos = lingerNanos;
        this.room = room;
        this.publisherWaits = new PublisherWaits(ring, room, receivers, listener, lingerNanos > 0);
        this.amnesia = amnesia ? new Amnesia(ring, receivers) : null;
    }
}

/**
 * The engine whole: a ring, the threads parked on it, and the accounts of its receivers.
 *
 * <p>Thread safety: every method may be called from any thread. None blocks but {@link #submit} and
 * an appender that waits.
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
                new WakeUps(new WaitStack(listener::woke), new WaitStack(listener::woke)),
                new Room(ring));
    }

    /** As above, without a listener. */
    public Channel(Ring ring, long lingerNanos, boolean amnesia) {
        this(ring, lingerNanos, amnesia, ChannelListener.NOBODY);
    }

    Channel(Ring ring, long lingerNanos, boolean amnesia, WaitStack virtuals, WaitStack platforms) {
        this(ring, lingerNanos, amnesia, virtuals, platforms, new Room(ring));
    }

    Channel(
            Ring ring,
            long lingerNanos,
            boolean amnesia,
            WaitStack virtuals,
            WaitStack platforms,
            Room room) {
        this(
                ring,
                lingerNanos,
                amnesia,
                ChannelListener.NOBODY,
                new WakeUps(virtuals, platforms),
                room);
    }

    Channel(
            Ring ring,
            long lingerNanos,
            boolean amnesia,
            ChannelListener listener,
            WakeUps wakeUps,
            Room room) {
        super(ring, lingerNanos, amnesia, listener, wakeUps, room);
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
     * Publishes one event as {@link #publish} does, but waits while a lossless receiver has not
     * passed the message that would be overwritten.
     *
     * @param nanos how long to wait at most; 0 or less not to wait, {@link Waiter#FOREVER} without
     *     limit
     * @return the message's sequence, {@link Ring#CLOSED}, {@link Ring#TIMED_OUT}, or {@link
     *     Ring#INTERRUPTED} with the interrupt status kept
     * @throws IllegalStateException if the thread would wait for itself
     */
    public long submit(Object event, long nanos) {
        WakeUps parked = wakeUps;
        boolean probed = parked.prepareToWake();
        long sequence = ring.claim(ring.hint(), event, room);
        if (sequence == Ring.FULL) {
            sequence = publisherWaits.claim(event, nanos);
            probed = true; // by the wait, in a deeper call
        }
        if (sequence >= 0) {
            ring.advanceHint(sequence + 1);
            parked.wake(probed);
        }
        return sequence;
    }

    /**
     * Begins a batch; see {@link Appender}.
     *
     * @param yieldEvery after how many events the appender yields the thread; 0 for never
     * @param waits whether it waits for lossless receivers
     * @return a new appender
     */
    public Appender appender(int yieldEvery, boolean waits) {
        return new Appender(
                ring, wakeUps, waits ? room : null, waits ? publisherWaits : null, yieldEvery);
    }

    /** Ends the channel; true for the one call that did. Lock-free. */
    public boolean close() {
        StackProbe.requireRoom(); // close must not take effect and then fail to wake
        boolean closed = ring.close();
        try {
            // The second to close wakes too: the first may have been preempted before it did.
            wakeUps.wake(true);
        } finally {
            try {
                room.closed();
            } finally {
                dropUnreadable();
                if (closed) {
                    listener.closed(published(), receiverCount());
                }
            }
        }
        return closed;
    }

    /**
     * Ends a receiver, which then finds {@link NoMessage#EVICTED}.
     *
     * @param id the number of its subscription
     * @return the receiver if this call ended it, else null
     */
    public @Nullable Object evict(long id) {
        Account account = receivers.find(id);
        Subscriber receiver = account == null ? null : account.get();
        if (account == null || receiver == null) {
            return null;
        }
        return receiver.end(NoMessage.EVICTED) ? receiver : null;
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

    Room room() {
        return room;
    }

    /** Ends an account, or throws before anything has changed; whether this call ended it. */
    boolean endReceiver(Account account, NoMessage why) {
        receivers.sweep();
        StackProbe.requireRoom(); // an account must not be left half ended
        boolean ended = receivers.end(account, why);
        dropUnreadable();
        return ended;
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
            } catch (Throwable e) {
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

    /** Times a publisher has had to wait for room. */
    public long publisherWaits() {
        return publisherWaits.waits();
    }

    /** Publishers that wait for room now. */
    public int publishersWaiting() {
        return publisherWaits.waiting();
    }

    /**
     * Waits until every receiver that lives has handled everything published before the call; on a
     * closed channel, until every receiver has ended.
     *
     * @param nanos how long at most
     * @return false if the time is up or the thread is interrupted
     */
    public boolean awaitIdle(long nanos) {
        long limit = ring.tail();
        return Poll.until(
                () -> {
                    // A receiver that has just ended counts a moment longer.
                    boolean idle =
                            isClosed()
                                    ? receivers.isIdle(Account.SETTLED) && receivers.count() == 0
                                    : receivers.isIdle(limit);
                    dropUnreadable(); // the walk may have noticed that a receiver was abandoned
                    return idle;
                },
                nanos);
    }

    /**
     * Waits until there are so many receivers.
     *
     * @param nanos how long at most
     * @return false if the time is up or the thread is interrupted
     */
    public boolean awaitReceivers(int count, long nanos) {
        return Poll.until(() -> receivers.placed() >= count, nanos);
    }
}
