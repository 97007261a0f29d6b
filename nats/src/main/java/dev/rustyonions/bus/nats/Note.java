package dev.rustyonions.bus.nats;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.regex.Pattern;

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

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        private static @Nullable Kind of(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return kind;
                }
            }
            return null;
        }
    }

    private static final String VERSION = "v1";
    private static final int LONGEST = 1024;
    private static final Pattern EPOCH = Pattern.compile("[A-Za-z0-9._-]{1,80}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
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
        String[] fields = text.split(" ", -1);
        if (fields.length < 5
                || !fields[0].equals(VERSION)
                || !EPOCH.matcher(fields[2]).matches()
                || !NUMBER.matcher(fields[3]).matches()
                || !NUMBER.matcher(fields[4]).matches()) {
            return null;
        }
        Kind kind = Kind.of(fields[1]);
        long heartbeatMillis = Long.parseLong(fields[4]);
        long[] unsent = new long[Cause.UNSENT.size()];
        if (kind == null
                || heartbeatMillis < 1
                || heartbeatMillis > LONGEST_HEARTBEAT_MILLIS
                || !readCounters(Arrays.asList(fields).subList(5, fields.length), unsent)) {
            return null;
        }
        return new Note(kind, fields[2], Long.parseLong(fields[3]), heartbeatMillis, unsent);
    }

    /** A cause of a later version counts as none: what it cost was then lost on the way. */
    private static boolean readCounters(Iterable<String> fields, long[] unsent) {
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0 || !NUMBER.matcher(field.substring(equals + 1)).matches()) {
                return false;
            }
            for (int i = 0; i < unsent.length; i++) {
                if (field.startsWith(Cause.UNSENT.get(i).toString()) && isName(i, equals)) {
                    unsent[i] = Long.parseLong(field, equals + 1, field.length(), 10);
                }
            }
        }
        return true;
    }

    private static boolean isName(int cause, int length) {
        return Cause.UNSENT.get(cause).toString().length() == length;
    }
}
