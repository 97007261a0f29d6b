package dev.rustyonions.bus;

import java.util.Objects;

/**
 * The account of one named receiver at one moment, taken without stopping it; see
 * {@link Bus#namedReceivers()}.
 *
 * @param name the name given at subscription; several receivers may share it
 * @param hash the identity hash of the receiver, which its {@code toString} and thread dumps show
 *     in hexadecimal
 * @param delivered messages given to the caller
 * @param filtered messages refused by the filter
 * @param missed messages missed, including those lost and not told of yet
 * @param depth messages published and not yet received, 0 to the bus's capacity
 */
public record ReceiverStats(
        String name, int hash, long delivered, long filtered, long missed, int depth) {
    /**
     * Makes an account. The bus makes those it takes; this is for tests of code that takes them.
     *
     * @throws NullPointerException if {@code name} is null
     */
    public ReceiverStats {
        Objects.requireNonNull(name, "name");
    }
}
