package dev.rustyonions.bus;

/**
 * The receiver fell behind by more than the capacity, and the oldest messages it had not read were
 * overwritten.
 *
 * <p>The next receive goes on with message {@code from + missed}, or with the bus's end. It gives
 * at least one message before the next lag, however fast publishers are.
 *
 * @param from the sequence of the first message lost
 * @param missed how many consecutive messages were lost; at least 1
 * @param <E> the type of event
 */
public record Lagged<E>(long from, long missed) implements Received<E> {
    /**
     * Makes a lag. The bus makes those it reports; this is for tests of code that takes them.
     *
     * @throws IllegalArgumentException if {@code from} is negative or {@code missed} is less than 1
     */
    public Lagged {
        if (from < 0 || missed < 1) {
            throw new IllegalArgumentException(
                    "from "
                            + from
                            + ", missed "
                            + missed
                            + ": from is at least 0 and missed at least 1");
        }
    }
}
