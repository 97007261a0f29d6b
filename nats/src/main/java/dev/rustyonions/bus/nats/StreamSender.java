package dev.rustyonions.bus.nats;

import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Gives the messages of an export to a stream, several at a time, and again until the stream has
 * confirmed them. One thread owns it; {@link #pending} may be
 * asked by any.
 */
final class StreamSender {
    /*
     * A message that is not confirmed is sent again, with the same identifier, so that the stream
     * keeps it once. With several under way, a message that was lost with a connection comes into
     * the stream after some with a higher number. An import has to know how long to wait for it.
     * So each message says below which number everything is confirmed: that stands in the stream
     * before it, or never will. Sent again, a message says what it said first, which still holds.
     *
     * A heartbeat of the stream and the farewell are sent when nothing is under way: all numbers
     * below theirs are confirmed. If the last message of events has not said so of all below its
     * own number, a heartbeat follows, for an import that would wait for what the stream has
     * dropped.
     *
     * A message that is above the limit of the server or of the stream would be refused for ever.
     * An export looks before it sends. But a limit may be lowered while messages are under way, and
     * then those above it are given up. They count as too large, though not in the counters that
     * messages carry: those that are under way behind them do not have them, and an import would
     * take the difference for numbers that it still waits for. So imports tell them as expired.
     */

    private static final int WINDOW = 256;

    /** How the server says that a message is above the limit of the stream. */
    private static final int ABOVE_LIMIT = 10054;

    private static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    private static final String MESSAGE_ID = "Nats-Msg-Id";

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** A message under way. */
    private static final class Entry {
        final long number;
        final int events;
        final Headers headers;
        final byte[] body;
        final long bytes;
        @Nullable CompletableFuture<PublishAck> confirmation;
        long sentAt;
        long reconnects;

        Entry(Note note, Headers headers, byte[] body) {
            this.number = note.number;
            this.events = note.kind == Note.Kind.EVENT ? note.events : 0;
            this.headers = headers;
            this.body = body;
            this.bytes = headers.serializedLength() + (long) body.length;
        }

        boolean isConfirmed() {
            return confirmation != null
                    && confirmation.isDone()
                    && !confirmation.isCompletedExceptionally();
        }

        /** What the server has answered instead of a confirmation, if anything. */
        @Nullable JetStreamApiException refusal() {
            CompletableFuture<PublishAck> answer = confirmation;
            if (answer == null || answer.state() != Future.State.FAILED) {
                return null;
            }
            Throwable cause = answer.exceptionNow();
            while (cause != null && !(cause instanceof JetStreamApiException)) {
                cause = cause.getCause();
            }
            return (JetStreamApiException) cause;
        }

        /** Whether the stream or the server refuses it, however often it is sent. */
        boolean isAboveLimit(long maxPayload) {
            JetStreamApiException refusal = refusal();
            return refusal == null
                    ? !isConfirmed() && bytes > maxPayload
                    : refusal.getApiErrorCode() == ABOVE_LIMIT;
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
    private final LongConsumer onConfirmed;
    private final LongConsumer onRefused;
    private final RareLog refused;
    private final Deque<Entry> underWay = new ArrayDeque<>();
    private final AtomicLong pending = new AtomicLong();

    /** Whether the last message of events did not say that all below it is confirmed. */
    private boolean leftOpen;

    private long lookedAt = System.nanoTime();

    /** How long a message and its header may be for the stream, as it has said last. */
    private volatile long streamLimit;

    /**
     * Makes one.
     *
     * @param onConfirmed given how many events the stream has confirmed, again and again
     * @param onRefused given how many events are above a limit that was lowered, again and again
     * @param refused told when something has to be sent again
     */
    StreamSender(
            Link link,
            StreamConfiguration stream,
            String subject,
            LongConsumer onConfirmed,
            LongConsumer onRefused,
            RareLog refused)
            throws IOException {
        this.link = link;
        this.stream = link.connection().jetStream();
        this.name = stream.getName();
        this.subject = subject;
        this.streamLimit = limit(stream);
        this.onConfirmed = onConfirmed;
        this.onRefused = onRefused;
        this.refused = refused;
    }

    private static long limit(StreamConfiguration stream) {
        long limit = stream.getMaximumMessageSize();
        return limit <= 0 ? Long.MAX_VALUE : limit;
    }

    /** How long a message and its header may be, for the server and for the stream. */
    long limit() {
        return Math.min(link.maxPayload(), streamLimit);
    }

    /** Below which number everything is confirmed, given that of the next event. */
    long settled(long next) {
        Entry oldest = underWay.peekFirst();
        return oldest == null ? next : oldest.number;
    }

    /** Waits until there is room for a message; false if that is not worth it any more. */
    boolean awaitRoom(Note.Kind kind, BooleanSupplier patience) {
        while (!hasRoom(kind)) {
            if (!patience.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        return true;
    }

    private boolean hasRoom(Note.Kind kind) {
        settle();
        return underWay.isEmpty() || (kind == Note.Kind.EVENT && underWay.size() < WINDOW);
    }

    /** A note, and by what the stream tells what is its own, and what it has already. */
    Headers headers(Note note) {
        return note.toHeaders()
                .put(EXPECTED_STREAM, name)
                .put(MESSAGE_ID, note.epoch + "/" + note.number + "/" + note.kind);
    }

    /** Sends a message for which there is room. */
    void send(Note note, byte[] body) {
        Entry entry = new Entry(note, headers(note), body);
        underWay.addLast(entry);
        pending.addAndGet(entry.events);
        leftOpen = note.settled < note.number;
        publish(entry, System.nanoTime());
    }

    /** Takes note of what is confirmed, and sends again what is not. */
    void settle() {
        Entry oldest = underWay.peekFirst();
        while (oldest != null && (oldest.isConfirmed() || oldest.isAboveLimit(link.maxPayload()))) {
            underWay.removeFirst();
            boolean isConfirmed = oldest.isConfirmed();
            if (!isConfirmed && oldest.bytes <= limit()) {
                askForLimit(); // which is another than was known
            }
            pending.addAndGet(-oldest.events);
            if (oldest.events > 0) {
                (isConfirmed ? onConfirmed : onRefused).accept(oldest.events);
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
            if (!entry.isAboveLimit(link.maxPayload()) && entry.isOverdue(now, reconnects)) {
                JetStreamApiException refusal = entry.refusal();
                refused.warn(
                        "the stream has not confirmed a message, which is sent again"
                                + (refusal == null
                                        ? ""
                                        : ": the server says: " + Link.said(refusal)));
                publish(entry, now);
            }
        }
    }

    private void askForLimit() {
        try {
            streamLimit = limit(link.configuration(name));
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            // The next message that is refused asks again.
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

    /** Whether anything is sent and not confirmed. */
    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether an import may wait for a message that the stream has dropped. */
    boolean isLeftOpen() {
        return leftOpen;
    }

    /** How many events are sent and not confirmed. */
    long pending() {
        return pending.get();
    }
}
