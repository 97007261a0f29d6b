package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Appender;

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
 * <p>Not thread-safe: one batch per thread. Nothing here blocks; with {@link BusBuilder#epochYield}
 * publishing may yield the thread.
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
     * @return false if the batch was full and the bus is closed, so that events were dropped; see
     *     {@link #accepted()}
     * @throws NullPointerException if {@code event} is null
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(E event) {
        Objects.requireNonNull(event, "event");
        if (closed) {
            throw new IllegalStateException(
                    "the batch is closed; begin another with Sender.batch()");
        }
        if (to == flushThreshold) {
            // An error cut a flush short: what is left goes first.
            if (!publish()) {
                return false;
            }
        }
        if (to == events.length) {
            events = Arrays.copyOf(events, Math.min(2 * to, flushThreshold));
        }
        events[to++] = event;
        return to < flushThreshold || publish();
    }

    /**
     * Publishes what has been collected. The batch is empty afterwards; if the bus is closed,
     * events not accepted are dropped.
     *
     * @return how many events this call published; 0 once the batch is closed
     */
    public int flush() {
        long before = accepted;
        publish();
        return (int) (accepted - before);
    }

    /** Publishes the collected events; false if some were not accepted. */
    private boolean publish() {
        boolean open = true;
        long before = accepted;
        long began = observers.beginBatch();
        try {
            while (open && from < to) {
                Object event = Objects.requireNonNull(events[from]);
                observers.beforeAppend(appender, event, began);
                open = appender.append(event);
                if (open) {
                    events[from++] = null;
                    accepted++;
                }
            }
        } finally {
            appender.commit();
            observers.endBatch(began, accepted - before);
        }
        Arrays.fill(events, from, to, null);
        from = 0;
        to = 0;
        return open;
    }

    /**
     * Events of this batch that the bus has accepted.
     *
     * @return the number so far
     */
    public long accepted() {
        return accepted;
    }

    /** Flushes, and ends the batch. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            flush(); // if this fails the batch is not closed, and what is left in it not lost
            closed = true;
        }
    }
}
