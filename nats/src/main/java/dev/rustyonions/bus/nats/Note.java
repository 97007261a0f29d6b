package dev.rustyonions.bus.nats;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What an export says of itself in the header of each message: which run of which bus it is, the
 * number, and how many numbers were never sent, by cause.
 *
 * <p>As text, which is the value of the header {@value #HEADER}: {@code v1 event
 * 0d5c...-....e1f8 1024 1000 lagged=3 too-large=1}. The fields are the version, the kind, the
 * epoch, the number, the time between heartbeats in milliseconds, and the counters that are not
 * 0.
 */
final class Note {
    static final String HEADER = "Ron-Bus";

    /** What kind of message it is. */
    enum Kind {
        /** An event, with that number. */
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

    final Kind kind;
    final String epoch;
    final long number;
    final long heartbeatMillis;

    /** Numbers below this one that were never sent, in the order of {@link Cause#UNSENT}. */
    final long[] unsent;

    Note(Kind kind, String epoch, long number, long heartbeatMillis, long[] unsent) {
        this.kind = kind;
        this.epoch = epoch;
        this.number = number;
        this.heartbeatMillis = heartbeatMillis;
        this.unsent = unsent;
    }

    String toText() {
        StringBuilder text = new StringBuilder(128);
        text.append(VERSION).append(' ').append(kind.text).append(' ').append(epoch);
        text.append(' ').append(number).append(' ').append(heartbeatMillis);
        for (int i = 0; i < unsent.length; i++) {
            if (unsent[i] != 0) {
                text.append(' ').append(Cause.UNSENT.get(i)).append('=').append(unsent[i]);
            }
        }
        return text.toString();
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
        long[] unsent = new long[Cause.UNSENT.size()];
        if (number == NONE
                || heartbeatMillis < 1
                || heartbeatMillis > LONGEST_HEARTBEAT_MILLIS
                || !readCounters(fields, unsent)) {
            return null;
        }
        return new Note(kind, epoch, number, heartbeatMillis, unsent);
    }

    /** A cause of a later version counts as none: what it cost was then lost on the way. */
    private static boolean readCounters(Fields fields, long[] unsent) {
        while (fields.next()) {
            long count = fields.numberBehindEquals();
            if (count == NONE) {
                return false;
            }
            for (int i = 0; i < unsent.length; i++) {
                if (fields.isNamed(Cause.UNSENT.get(i).toString())) {
                    unsent[i] = count;
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
