package dev.rustyonions.bus.console;

import java.util.Locale;

/** Writes JSON, in one line. Not thread-safe. */
final class Json {
    private final StringBuilder out = new StringBuilder(1024);
    private boolean comma;

    Json begin(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    Json end(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    Json name(String name) {
        value(name);
        out.append(':');
        comma = false;
        return this;
    }

    Json value(long number) {
        separate();
        out.append(number);
        return this;
    }

    Json value(boolean truth) {
        separate();
        out.append(truth);
        return this;
    }

    /** A rate, to a tenth. */
    Json value(double number) {
        separate();
        if (number == Math.rint(number)) {
            out.append((long) number);
        } else {
            out.append(String.format(Locale.ROOT, "%.1f", number));
        }
        return this;
    }

    Json value(String text) {
        separate();
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c >= '\u007f') {
                // Beyond ASCII too: then no encoding on the way can spoil it.
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
