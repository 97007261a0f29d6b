package dev.rustyonions.bus;

import java.util.Objects;

/**
 * Nothing more will be received, for the reason given.
 *
 * @param reason why
 * @param <E> the type of event
 */
public record Closed<E>(Reason reason) implements Received<E> {
    /**
     * Makes an end. The bus makes those it reports; this is for tests of code that takes them.
     *
     * @throws NullPointerException if {@code reason} is null
     */
    public Closed {
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * Whether every later receive will say the same, whatever is closed or interrupted afterwards.
     *
     * @return false only for {@link Reason#INTERRUPTED}: once the thread's interrupt status is
     *     cleared the receiver can be used again
     */
    public boolean isFinal() {
        return reason != Reason.INTERRUPTED;
    }
}
