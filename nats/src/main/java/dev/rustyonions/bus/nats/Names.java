package dev.rustyonions.bus.nats;

import java.util.Objects;
import java.util.regex.Pattern;

/** The rules for the names that make a subject, and the way to refuse one. */
final class Names {
    static final String ORIGIN_ALLOWED =
            "1 to 64 characters of letters, digits, '-' and '_', ASCII all of them";
    static final String SUBJECT_ALLOWED =
            "names of letters, digits, '-' and '_', ASCII all of them, with dots between them, 1 to"
                    + " 128 characters in all";

    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");
    private static final int LONGEST_SUBJECT = 128;
    private static final int LONGEST_QUOTE = 64;

    private Names() {}

    /** Whether a text may be an origin. */
    static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    /** The origin, if it is one; the message of the exception names the source. */
    static String origin(String source, String text) {
        Objects.requireNonNull(text, source);
        if (!isOrigin(text)) {
            throw refused(source, text, ORIGIN_ALLOWED);
        }
        return text;
    }

    /** The first part of a subject, if it is one. */
    static String subject(String source, String text) {
        Objects.requireNonNull(text, source);
        if (text.length() > LONGEST_SUBJECT || !SUBJECT.matcher(text).matches()) {
            throw refused(source, text, SUBJECT_ALLOWED);
        }
        return text;
    }

    static IllegalArgumentException refused(String source, String value, String allowed) {
        return new IllegalArgumentException(
                source + ": " + quoted(value) + " is not allowed; allowed are " + allowed);
    }

    /** A text in quotation marks, fit for a message that may be logged. */
    static String quoted(String text) {
        StringBuilder quote = new StringBuilder("\"");
        int end = Math.min(text.length(), LONGEST_QUOTE);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                quote.append(String.format("\\u%04x", (int) c));
            } else {
                quote.append(c);
            }
        }
        quote.append('"');
        if (text.length() > end) {
            quote.append("... (").append(text.length()).append(" characters)");
        }
        return quote.toString();
    }

    /** Whether a subject is one of those that a pattern of the server stands for. */
    static boolean takes(String pattern, String subject) {
        String[] wanted = pattern.split("[.]", -1);
        String[] given = subject.split("[.]", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (i == given.length) {
                return false;
            }
            if (wanted[i].equals(">")) {
                return true;
            }
            if (!wanted[i].equals("*") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return wanted.length == given.length;
    }
}
