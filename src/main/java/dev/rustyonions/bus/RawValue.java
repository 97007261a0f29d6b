package dev.rustyonions.bus;

import dev.rustyonions.bus.text.Text;

/**
 * Text that a system property or an environment variable holds.
 *
 * @param source the name of the property or variable
 * @param text what it holds, not empty
 */
record RawValue(String source, String text) {
    /** The exception for this value. */
    IllegalArgumentException refused(String allowed) {
        return Text.refused(source, Text.quoted(text), allowed);
    }

    /** As messages begin. */
    @Override
    public String toString() {
        return source + ": " + Text.quoted(text);
    }
}
