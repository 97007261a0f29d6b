package dev.rustyonions.bus;

import java.util.Objects;

/**
 * What the lags of a bus say about its capacity; see {@link Bus#advice()}.
 *
 * @param capacity the smallest capacity with which 99 of 100 lags of late would not have come
 *     about, a power of two from 2 to 65536; the capacity of the bus if there was none of late; 0
 *     if no capacity would do
 * @param largest the capacity that the worst lag so far would have needed, in messages, not
 *     rounded; 0 if there was none
 * @param lags how many lags there have been so far
 * @param text the same in words, with what to do
 */
public record Advice(int capacity, long largest, long lags, String text) {
    /**
     * Makes an advice. The bus makes those it gives; this is for tests of code that takes them.
     *
     * @throws NullPointerException if {@code text} is null
     */
    public Advice {
        Objects.requireNonNull(text, "text");
    }
}
