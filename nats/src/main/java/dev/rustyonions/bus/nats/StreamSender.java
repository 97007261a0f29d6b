package dev.rustyonions.bus.nats;

import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Gives the messages of an export to a stream, several at a time, and again until the stream has
 * confirmed them. One thread owns it; the counts may be read by any.
 */
final class StreamSender {
    /*
     * A message that is not confirmed is sent again, with the same identifier, so that the stream
     * keeps it once. With several under way, a message that was lost with a connection comes into
     * the stream after some with a higher number. The bound below tells an import how long it has
     * to wait for it: a message with the number n is sent only when all numbers up to n - WINDOW
     * are confirmed. They stand in the stream before it, or never will.
     *
     * A heartbeat of the stream, which tells counters, and the farewell are sent when nothing is
     * under way: all numbers below theirs are confirmed.
     */

    /** Part of the format: the import counts with it. */
    static final int WINDOW = 256;

    private static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    private static final String MESSAGE_ID = "Nats-Msg-Id";

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** A message under way. */
    private static final class Entry {
        final Note.Kind kind;
        final long number;
        final Headers headers;
        final byte[] body;
        @Nullable CompletableFuture<PublishAck> confirmation;
        long sentAt;
        long reconnects;

        Entry(Note.Kind kind, long number, Headers headers, byte[] body) {
            this.kind = kind;
            this.number = number;
            this.headers = headers;
            this.body = body;
        }

        boolean isConfirmed() {
            return confirmation != null
                    && confirmation.isDone()
                    && !confirmation.isCompletedExceptionally();
        }

        boolean isOverdue(long now, long reconnects) {
            if (confirmation == null || confirmation.isCompletedExceptionally()) {
                return now - sentAt > AGAIN_NANOS;
            }
            return !confirmation.isDone()
                    && (this.reconnects != reconnects || now - sentAt > OVERDUE_NANOS);
        }
    }

    private final Link link;
    private final JetStream stream;
    private final String name;
    private final String subject;
    private final Runnable onConfirmed;
    private final RareLog refused;
    private final Deque<Entry> underWay = new ArrayDeque<>();
    private volatile int size;
    private long lookedAt = System.nanoTime();

    /**
     * Makes one.
     *
     * @param onConfirmed called for each event that the stream has confirmed
     * @param refused told when something has to be sent again
     */
    StreamSender(Link link, String stream, String subject, Runnable onConfirmed, RareLog refused)
            throws IOException {
        this.link = link;
        this.stream = link.connection().jetStream();
        this.name = stream;
        this.subject = subject;
        this.onConfirmed = onConfirmed;
        this.refused = refused;
    }

    /** Adds the headers by which the stream tells what is its own, and what it has already. */
    void addTo(Headers headers, String identifier) {
        headers.put(EXPECTED_STREAM, name).put(MESSAGE_ID, identifier);
    }

    /**
     * Sends a message as soon as there is room; false if it is not worth waiting for any more, and
     * then it was not sent.
     */
    boolean send(
            Note.Kind kind, long number, Headers headers, byte[] body, BooleanSupplier patience) {
        while (!hasRoom(kind, number)) {
            if (!patience.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
            settle();
        }
        Entry entry = new Entry(kind, number, headers, body);
        underWay.addLast(entry);
        size = underWay.size();
        publish(entry, System.nanoTime());
        return true;
    }

    private boolean hasRoom(Note.Kind kind, long number) {
        settle();
        Entry oldest = underWay.peekFirst();
        return oldest == null || (kind == Note.Kind.EVENT && number - oldest.number < WINDOW);
    }

    /** Takes note of what is confirmed, and sends again what is not. */
    void settle() {
        Entry oldest = underWay.peekFirst();
        while (oldest != null && oldest.isConfirmed()) {
            underWay.removeFirst();
            size = underWay.size();
            if (oldest.kind == Note.Kind.EVENT) {
                onConfirmed.run();
            }
            oldest = underWay.peekFirst();
        }
        long now = System.nanoTime();
        if (oldest == null || now - lookedAt < AGAIN_NANOS || !link.isConnected()) {
            return;
        }
        lookedAt = now;
        long reconnects = link.reconnects();
        for (Entry entry : underWay) {
            if (entry.isOverdue(now, reconnects)) {
                refused.warn("the stream has not confirmed a message, which is sent again");
                publish(entry, now);
            }
        }
    }

    private void publish(Entry entry, long now) {
        entry.sentAt = now;
        entry.reconnects = link.reconnects();
        entry.confirmation = null;
        if (link.isConnected()) {
            try {
                entry.confirmation = stream.publishAsync(subject, entry.headers, entry.body);
            } catch (IllegalStateException | IllegalArgumentException e) {
                // The client's queue is full, the connection was lost, or the server has a lower
                // limit than the one before: again later.
            }
        }
    }

    /** How many messages are sent and not confirmed. */
    int underWay() {
        return size;
    }
}
