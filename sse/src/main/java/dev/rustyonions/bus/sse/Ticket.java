package dev.rustyonions.bus.sse;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Up to where a client has been sent a feed, as it travels in the identifier of an event.
 *
 * @param bus the identifier of the bus
 * @param next the sequence to go on with
 */
record Ticket(UUID bus, long next) {
    /** One that says nothing of any bus. */
    static final Ticket UNKNOWN = new Ticket(new UUID(0, 0), 0);

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})/(-1|\\d{1,18})");

    /** The identifier of the message with that sequence; -1 stands for before all. */
    static String identifier(UUID bus, long sequence) {
        return bus + "/" + sequence;
    }

    /** What an identifier says. It comes from outside, and may be anything. */
    static Ticket of(String identifier) {
        Matcher form = FORM.matcher(identifier.strip());
        return form.matches()
                ? new Ticket(UUID.fromString(form.group(1)), Long.parseLong(form.group(2)) + 1)
                : UNKNOWN;
    }
}
