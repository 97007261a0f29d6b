package dev.rustyonions.bus.crowd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What one client has been sent so far: undoes the HTTP chunks, wherever the bytes are cut, and
 * counts the events in them.
 */
final class EventStream {
    /** Told of each event. */
    interface Listener {
        void event(long at);
    }

    private enum In {
        STATUS,
        HEADERS,
        SIZE,
        CHUNK,
        AFTER_CHUNK,
        TRAILER,
        END,
        BROKEN
    }

    /** Of a longer line the rest is of no interest. */
    private static final int LONGEST_LINE = 64;

    private static final byte[] NUMBER = "data: {\"number\":".getBytes(US_ASCII);
    private static final byte[] AT = ",\"at\":".getBytes(US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    private static final byte[] MISSED = "event: missed".getBytes(US_ASCII);

    /** A line so far. */
    private static final class Line {
        final byte[] bytes = new byte[LONGEST_LINE];
        int length;
        int at;

        void append(byte b) {
            if (length < LONGEST_LINE) {
                bytes[length++] = b;
            }
        }

        boolean startsWith(byte[] text) {
            at = text.length;
            return length >= text.length && Arrays.equals(bytes, 0, at, text, 0, at);
        }

        /** The digits that follow what was found, and the end of them. */
        long number() {
            long number = 0;
            while (at < length && '0' <= bytes[at] && bytes[at] <= '9') {
                number = 10 * number + bytes[at++] - '0';
            }
            return number;
        }

        boolean goesOnWith(byte[] text) {
            int from = at;
            at += text.length;
            return length >= at && Arrays.equals(bytes, from, at, text, 0, text.length);
        }

        String text() {
            return new String(bytes, 0, length, US_ASCII);
        }
    }

    private final Line protocol = new Line();
    private final Line line = new Line();
    private In in = In.STATUS;
    private long left;

    private boolean isOpen;
    private boolean saysMissed;
    private long next;
    private int events;
    private long missed;
    private long gaps;

    /** Takes what has been read, up to the limit of the buffer. */
    void take(ByteBuffer read, Listener listener) {
        while (read.hasRemaining()) {
            switch (in) {
                case CHUNK -> takeChunk(read, listener);
                // There is nothing after the end.
                case END, BROKEN -> {
                    in = In.BROKEN;
                    return;
                }
                default -> {
                    byte b = read.get();
                    if (b == '\n') {
                        in = afterLine();
                        protocol.length = 0;
                    } else if (b != '\r') {
                        protocol.append(b);
                    }
                }
            }
        }
    }

    private In afterLine() {
        String text = protocol.text();
        return switch (in) {
            case STATUS -> text.equals("HTTP/1.1 200 OK") ? In.HEADERS : In.BROKEN;
            case HEADERS -> text.isEmpty() ? In.SIZE : In.HEADERS;
            case SIZE -> {
                if (!text.matches("[0-9a-fA-F]{1,8}")) {
                    yield In.BROKEN;
                }
                left = Long.parseLong(text, 16);
                yield left == 0 ? In.TRAILER : In.CHUNK;
            }
            case AFTER_CHUNK -> text.isEmpty() ? In.SIZE : In.BROKEN;
            case TRAILER -> text.isEmpty() ? In.END : In.TRAILER;
            case CHUNK, END, BROKEN -> In.BROKEN;
        };
    }

    private void takeChunk(ByteBuffer read, Listener listener) {
        int size = (int) Math.min(left, read.remaining());
        for (int i = 0; i < size; i++) {
            byte b = read.get();
            if (b == '\n') {
                isOpen = true;
                endOfLine(listener);
                line.length = 0;
            } else {
                line.append(b);
            }
        }
        left -= size;
        if (left == 0) {
            in = In.AFTER_CHUNK;
        }
    }

    private void endOfLine(Listener listener) {
        if (line.length == 0) {
            saysMissed = false;
        } else if (saysMissed && line.startsWith(DATA)) {
            long lost = line.number();
            missed += lost;
            next += lost;
        } else if (line.startsWith(NUMBER)) {
            long number = line.number();
            if (number != next || !line.goesOnWith(AT)) {
                gaps++;
            }
            next = number + 1;
            events++;
            listener.event(line.number());
        } else if (line.startsWith(MISSED)) {
            saysMissed = true;
        }
    }

    /** Whether the server has begun to answer with a stream. */
    boolean isOpen() {
        return isOpen;
    }

    /** Whether the stream was ended by the server, with all of it sent. */
    boolean hasEnded() {
        return in == In.END;
    }

    int events() {
        return events;
    }

    /** Events that the server said were missed. */
    long missed() {
        return missed;
    }

    /** How often an event did not follow the one before, and the server had not said so. */
    long gaps() {
        return gaps;
    }
}
