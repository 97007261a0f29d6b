package dev.rustyonions.bus.nats;

import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an export says of itself in the header of each message: which run of which bus it is, the
 * number, and how many numbers were never sent, by cause.
 *
 * <p>As text, which is the value of the header {@value #HEADER}: {@code v1 event
 * 0d5c...-....e1f8 1024 1000 lagged=3 too-large=1}. The fields are the version, the kind, the
 * epoch, the number, the time between heartbeats in milliseconds, and what has a name, in any
 * order and only if it is not 0.
 */
final class Note {
    static final String HEADER = "Ron-Bus";

    /** What kind of message it is. */
    enum Kind {
        /** An event, with that number, or several from that number on. */
        EVENT("event"),

        /** No event; the number is that of the next one. */
        HEARTBEAT("heartbeat"),

        /** The last of the export; the number is one above the last one. */
        FAREWELL("farewell");

        private static final List<Kind> ALL = List.of(values());

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        private static @Nullable Kind of(Fields field) {
            for (Kind kind : ALL) {
                if (field.is(kind.text)) {
                    return kind;
                }
            }
            return null;
        }
    }

    private static final String VERSION = "v1";
    private static final int LONGEST = 1024;
    private static final int LONGEST_EPOCH = 80;
    private static final int MOST_DIGITS = 18;

    /** In place of a number where there is none. */
    private static final long NONE = -1;

    private static final long LONGEST_HEARTBEAT_MILLIS = 86_400_000;

    /** Of how many events one message may consist. Part of the format. */
    static final int MOST_EVENTS = 4096;

    /** The counters, in the order of {@link Cause#UNSENT}, and then the others below. */
    private static final List<String> NAMES =
            Stream.concat(
                            Cause.UNSENT.stream().map(Cause::toString),
                            Stream.of("events", "message", "settled"))
                    .toList();

    private static final int EVENTS = Cause.UNSENT.size();
    private static final int MESSAGE = EVENTS + 1;
    private static final int SETTLED = EVENTS + 2;

    final Kind kind;
    final String epoch;
    final long number;
    final long heartbeatMillis;

    /** Numbers below this one that were never sent, in the order of {@link Cause#UNSENT}. */
    final long[] unsent;

    /** Of how many events the message consists, if it does of events; at least 1. */
    final int events;

    /**
     * Of an export that sends several events at a time, how many messages with events it has sent,
     * with this one if it is one; otherwise 0.
     */
    final long message;

    /** Of an export to a stream: what it has sent below this number, the stream has confirmed. */
    final long settled;

    Note(Kind kind, String epoch, long number, long heartbeatMillis, long[] unsent) {
        this(kind, epoch, number, heartbeatMillis, unsent, 1, 0, 0);
    }

    Note(
            Kind kind,
            String epoch,
            long number,
            long heartbeatMillis,
            long[] unsent,
            int events,
            long message,
            long settled) {
        this.kind = kind;
        this.epoch = epoch;
        this.number = number;
        this.heartbeatMillis = heartbeatMillis;
        this.unsent = unsent;
        this.events = events;
        this.message = message;
        this.settled = settled;
    }

    Headers toHeaders() {
        return new Headers().put(HEADER, toText());
    }

    String toText() {
        StringBuilder text = new StringBuilder(128);
        text.append(VERSION).append(' ').append(kind.text).append(' ').append(epoch);
        text.append(' ').append(number).append(' ').append(heartbeatMillis);
        for (int i = 0; i < unsent.length; i++) {
            append(text, i, unsent[i]);
        }
        append(text, EVENTS, events == 1 ? 0 : events);
        append(text, MESSAGE, message);
        append(text, SETTLED, settled);
        return text.toString();
    }

    private static void append(StringBuilder text, int name, long value) {
        if (value != 0) {
            text.append(' ').append(NAMES.get(name)).append('=').append(value);
        }
    }

    /** What a header says; null if it is none of an export. It comes from outside. */
    static @Nullable Note of(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return null;
        }
        Fields fields = new Fields(text);
        if (!fields.next() || !fields.is(VERSION) || !fields.next()) {
            return null;
        }
        Kind kind = Kind.of(fields);
        if (kind == null || !fields.next() || !fields.isEpoch()) {
            return null;
        }
        String epoch = fields.text();
        long number = fields.next() ? fields.number() : NONE;
        long heartbeatMillis = fields.next() ? fields.number() : NONE;
        long[] named = new long[NAMES.size()];
        named[EVENTS] = 1;
        if (number == NONE
                || heartbeatMillis < 1
                || heartbeatMillis > LONGEST_HEARTBEAT_MILLIS
                || !readNamed(fields, named)
                || named[EVENTS] < 1
                || named[EVENTS] > MOST_EVENTS) {
            return null;
        }
        return new Note(
                kind,
                epoch,
                number,
                heartbeatMillis,
                Arrays.copyOf(named, EVENTS),
                (int) named[EVENTS],
                named[MESSAGE],
                named[SETTLED]);
    }

    /** A cause of a later version counts as none: what it cost was then lost on the way. */
    private static boolean readNamed(Fields fields, long[] named) {
        while (fields.next()) {
            long count = fields.numberBehindEquals();
            if (count == NONE) {
                return false;
            }
            for (int i = 0; i < named.length; i++) {
                if (fields.isNamed(NAMES.get(i))) {
                    named[i] = count;
                }
            }
        }
        return true;
    }

    /**
     * The fields of a text, with a space between each two, one after the other. No regular
     * expressions: this is done for each event.
     */
    private static final class Fields {
        private final String text;
        private int begin;
        private int end = -1;

        Fields(String text) {
            this.text = text;
        }

        /** Goes on to the next field, if there is one. */
        boolean next() {
            if (end == text.length()) {
                return false;
            }
            begin = end + 1;
            int space = text.indexOf(' ', begin);
            end = space < 0 ? text.length() : space;
            return true;
        }

        String text() {
            return text.substring(begin, end);
        }

        boolean is(String wanted) {
            return end - begin == wanted.length() && text.startsWith(wanted, begin);
        }

        boolean isEpoch() {
            if (end == begin || end - begin > LONGEST_EPOCH) {
                return false;
            }
            for (int i = begin; i < end; i++) {
                char c = text.charAt(i);
                boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                if (!isLetter && !isDigit(c) && c != '.' && c != '_' && c != '-') {
                    return false;
                }
            }
            return true;
        }

        /** The field as a number, or {@link #NONE}. */
        long number() {
            return number(begin);
        }

        long numberBehindEquals() {
            int equals = text.indexOf('=', begin);
            return equals < 0 || equals >= end ? NONE : number(equals + 1);
        }

        boolean isNamed(String name) {
            int equals = begin + name.length();
            return equals < end && text.charAt(equals) == '=' && text.startsWith(name, begin);
        }

        private long number(int from) {
            if (end == from || end - from > MOST_DIGITS) {
                return NONE;
            }
            long number = 0;
            for (int i = from; i < end; i++) {
                char c = text.charAt(i);
                if (!isDigit(c)) {
                    return NONE;
                }
                number = 10 * number + c - '0';
            }
            return number;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
