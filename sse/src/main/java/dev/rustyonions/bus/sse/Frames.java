package dev.rustyonions.bus.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What clients are sent, as bytes: the events of the window, each encoded once, and the rest of the
 * format.
 *
 * <p>The format is that of the HTML standard, "Server-sent events": fields of one line each, ended
 * by an empty line.
 */
final class Frames<E> {
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    /** The names of what the feed itself tells. */
    private static final String MISSED = "missed";

    private static final String RESTARTED = "restarted";

    /** An event that is encoded by the first client that comes to it. */
    private static final class Frame extends FutureTask<byte[]> {
        final long sequence;

        Frame(long sequence, Callable<byte[]> encoding) {
            super(encoding);
            this.sequence = sequence;
        }
    }

    private final String retry;
    private final Bus<E> bus;
    private final Function<? super E, String> encoder;
    private final @Nullable Function<? super E, String> eventName;
    private final EncodingLog log;

    /** By sequence, as many as the window has. */
    private final AtomicReferenceArray<@Nullable Frame> frames;

    Frames(
            Bus<E> bus,
            Function<? super E, String> encoder,
            @Nullable Function<? super E, String> eventName,
            Duration retry) {
        this.bus = bus;
        this.encoder = encoder;
        this.eventName = eventName;
        this.log = new EncodingLog(bus.config().name());
        this.frames = new AtomicReferenceArray<>(bus.capacity());
        this.retry = "retry: " + retry.toMillis() + "\n";
    }

    // An identifier without data is no event. A client keeps it, and comes back with it though it
    // has been sent no event, or none of those that were published last.

    /** The opening of a stream that goes on at {@code next}. */
    byte[] opening(long next) {
        return identified(retry, next, "");
    }

    /** The same, of a client whose ticket says nothing of this bus, which is told so. */
    byte[] restarted(long next) {
        return identified(retry + "\nevent: " + RESTARTED + "\n", next, "data:\n");
    }

    /** A comment, to a client that has been sent all below {@code next}. */
    byte[] heartbeat(long next) {
        return identified(": heartbeat\n", next, "");
    }

    private byte[] identified(String before, long next, String after) {
        StringBuilder frame = new StringBuilder(before);
        appendIdentifier(frame, next - 1);
        return bytes(frame.append(after).append('\n').toString());
    }

    /**
     * The bytes of a message, encoded by this call or by that of another client, which it waits
     * for.
     *
     * @throws InterruptedException if interrupted while it waits
     */
    byte[] of(Message<E> message) throws InterruptedException {
        Frame frame = frame(message);
        frame.run(); // by whoever is first; it does nothing for the others
        try {
            return frame.get();
        } catch (ExecutionException e) {
            // An error or an interrupt: see encode. Who comes next tries again, since it may have
            // been of the moment.
            frames.compareAndSet(slot(frame.sequence), frame, null);
            throw new IllegalStateException(e.getCause());
        }
    }

    private int slot(long sequence) {
        return (int) sequence & frames.length() - 1;
    }

    private Frame frame(Message<E> message) {
        long sequence = message.sequence();
        int slot = slot(sequence);
        Frame made = null;
        while (true) {
            Frame there = frames.get(slot);
            if (there != null && there.sequence == sequence) {
                return there;
            }
            if (made == null) {
                made = new Frame(sequence, () -> encode(message));
            }
            // A client with a message that has left the window encodes it for itself.
            if ((there != null && there.sequence > sequence)
                    || frames.compareAndSet(slot, there, made)) {
                return made;
            }
        }
    }

    private byte[] encode(Message<E> message) throws InterruptedException {
        try {
            StringBuilder frame = new StringBuilder(256);
            if (eventName != null) {
                String name = eventName.apply(message.event());
                if (name.isEmpty()
                        || LINE_BREAK.matcher(name).find()
                        || name.equals(MISSED)
                        || name.equals(RESTARTED)) {
                    throw new IllegalArgumentException(
                            "the name of an event must not be empty or have a line break, nor be "
                                    + MISSED
                                    + " or "
                                    + RESTARTED);
                }
                frame.append("event: ").append(name).append('\n');
            }
            String text = encoder.apply(message.event());
            appendIdentifier(frame, message.sequence());
            for (String line : LINE_BREAK.split(text, -1)) {
                frame.append("data: ").append(line).append('\n');
            }
            return bytes(frame.append('\n').toString());
        } catch (Exception e) { // also a checked one, of a language that does not check them
            if (e instanceof InterruptedException interrupt) {
                // It is of the client that encodes, and says nothing of the event.
                Thread.currentThread().interrupt();
                throw interrupt;
            }
            log.failed(message.sequence(), e);
            return missed(message.sequence(), 1);
        }
    }

    /** What a client is told of a lag. */
    byte[] of(Lagged<E> lag) {
        return missed(lag.from() + lag.missed() - 1, lag.missed());
    }

    private byte[] missed(long last, long count) {
        StringBuilder frame = new StringBuilder("event: " + MISSED + "\n");
        appendIdentifier(frame, last);
        return bytes(frame.append("data: ").append(count).append("\n\n").toString());
    }

    private void appendIdentifier(StringBuilder frame, long sequence) {
        frame.append("id: ").append(Ticket.identifier(bus.id(), sequence)).append('\n');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Lets go of what was encoded. */
    void clear() {
        for (int i = 0; i < frames.length(); i++) {
            frames.set(i, null);
        }
    }
}
