package dev.rustyonions.bus;

import java.util.Objects;

/**
 * An event with its place in the bus's total order. Immutable. Every receiver of a bus is given the
 * same event, and mostly the same message; compare messages by {@code equals}.
 *
 * @param sequence the position in the bus's one order, from 0 and without gaps
 * @param event what was published
 * @param <E> the type of event
 */
public record Message<E>(long sequence, E event) implements Received<E> {
    /**
     * Makes a message. The bus makes those it delivers; this is for tests of code that takes
     * messages.
     *
     * @throws IllegalArgumentException if {@code sequence} is negative
     * @throws NullPointerException if {@code event} is null
     */
    public Message {
        if (sequence < 0) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " is negative; sequences start at 0");
        }
        Objects.requireNonNull(event, "event");
    }

    /** The sequence only: payloads do not belong in logs. */
    @Override
    public String toString() {
        return "Message[sequence=" + sequence + "]";
    }
}
