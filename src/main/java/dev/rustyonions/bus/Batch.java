package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Appender;
import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * Collects events and publishes them together, waking parked receivers once.
 *
 * <p>A collected event counts nowhere and is seen by nobody until it is flushed: by {@link
 * #flush()}, by {@link #close()}, or by the {@link #add} that makes the batch full. Events keep
 * their order.
 *
 * <p>A batch larger than the capacity overwrites its own beginning, as single publishes would.
 *
 * <p>Not thread-safe: one batch per thread. Nothing in a batch of {@link Sender#batch()} blocks;
 * with {@link BusBuilder#epochYield} publishing may yield the thread. A batch of {@link
 * Sender#waitingBatch()} waits for lossless receivers when it publishes, as {@link Sender#submit}
 * does. If its thread is interrupted before there is room, what has not been published stays in it.
 *
 * @param <E> the type of event
 */
public final class Batch<E> implements AutoCloseable {
    /** The default threshold, so that a batch of that does not grow. */
    private static final int FIRST_ROOM = 64;

    private final Appender appender;
    private final Observers observers;
    private final int flushThreshold;

    /** Grows with use to as many as make the batch full: a large threshold is often not reached. */
    private @Nullable Object[] events;

    /** The events collected and not yet accepted are those from {@code from} to {@code to}. */
    private int from;

    private int to;
    private long accepted;
    private boolean closed;

    Batch(Appender appender, Observers observers, int flushThreshold) {
        this.appender = appender;
        this.observers = observers;
        this.flushThreshold = flushThreshold;
        this.events = new Object[Math.min(flushThreshold, FIRST_ROOM)];
    }

    /**
     * Collects an event, and flushes if that makes the batch full.
     *
     * @param event the event, not to be modified from now on
     * @return false if the event has not been collected or published: because the batch was full
     *     and the bus is closed, so that events were dropped, see {@link #accepted()}; or because
     *     the batch waits, was full already, and the thread was interrupted before there was room
     * @throws NullPointerException if {@code event} is null
     * @throws IllegalStateException if the batch is closed; or if it waits and the thread would
     *     wait for itself, see {@link Sender#submit}. The event has been collected then if {@link
     *     #pending()} and {@link #accepted()} together are one more than before the call
     */
    public boolean add(E event) {
        Objects.requireNonNull(event, "event");
        if (closed) {
            throw new IllegalStateException(
                    "the batch is closed; begin another with Sender.batch()");
        }
        if (to == flushThreshold) {
            // An error or an interrupt cut a flush short: what is left goes first.
            if (publish() < 0) {
                return false;
            }
        }
        if (to == events.length) {
            events = Arrays.copyOf(events, Math.min(2 * to, flushThreshold));
        }
        events[to++] = event;
        return to < flushThreshold || publish() != Ring.CLOSED;
    }

    /**
     * Publishes what has been collected. If the bus is closed, events not accepted are dropped.
     * The batch is empty afterwards, unless it waits and the thread was interrupted before there
     * was room; see {@link #pending()}.
     *
     * @return how many events this call published; 0 once the batch is closed
     * @throws IllegalStateException if the batch waits and the thread would wait for itself; see
     *     {@link Sender#submit}
     */
    public int flush() {
        long before = accepted;
        publish();
        return (int) (accepted - before);
    }

    /** Publishes the collected events; less than 0 if some were not accepted, and why. */
    private long publish() {
        long last = 0;
        long before = accepted;
        long began = observers.beginBatch();
        try {
            while (last >= 0 && from < to) {
                Object event = Objects.requireNonNull(events[from]);
                observers.beforeAppend(appender, event, began);
                last = appender.append(event);
                if (last >= 0) {
                    events[from++] = null;
                    accepted++;
                }
            }
        } finally {
            appender.commit();
            observers.endBatch(began, accepted - before);
        }
        if (last != Ring.INTERRUPTED) {
            empty();
        }
        return last;
    }

    private void empty() {
        Arrays.fill(events, from, to, null);
        from = 0;
        to = 0;
    }

    /**
     * Events collected and neither published nor dropped.
     *
     * @return the number now
     */
    public int pending() {
        return to - from;
    }

    /**
     * Events of this batch that the bus has accepted.
     *
     * @return the number so far
     */
    public long accepted() {
        return accepted;
    }

    /**
     * Flushes, and ends the batch. Idempotent. Of a batch that waits, what cannot be published
     * because the thread is interrupted is dropped, which {@link #accepted()} tells.
     *
     * @throws IllegalStateException if the batch waits and the thread would wait for itself, see
     *     {@link Sender#submit}; the batch is not closed then, and keeps what is left
     */
    @Override
    public void close() {
        if (!closed) {
            flush(); // if this fails the batch is not closed, and what is left in it not lost
            closed = true;
            empty();
        }
    }
}
