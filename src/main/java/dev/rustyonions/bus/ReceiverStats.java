package dev.rustyonions.bus;

import java.util.Objects;
import java.util.Optional;

/**
 * The account of one receiver at one moment, taken without stopping it; see {@link
 * Bus#receivers()}.
 *
 * @param id the number of the subscription, {@link Receiver#id()}
 * @param name the name given at subscription, if there is one; several receivers may share it
 * @param hash the identity hash of the receiver, which its {@code toString} and thread dumps show
 *     in hexadecimal; 0 in the last account, which {@link BusObserver#ended} is given
 * @param delivered messages given to the caller
 * @param filtered messages refused by the filter
 * @param conflated messages left out because a later one had the same key
 * @param missed messages missed of those published since it subscribed, including those lost and
 *     not told of yet
 * @param depth messages published and not yet received, 0 to the bus's capacity
 * @param lossless whether publishers that wait wait for it
 * @param waiting whether a thread waits in it for something to receive
 */
public record ReceiverStats(
        long id,
        Optional<String> name,
        int hash,
        long delivered,
        long filtered,
        long conflated,
        long missed,
        int depth,
        boolean lossless,
        boolean waiting) {
    /**
     * Makes an account. The bus makes those it takes; this is for tests of code that takes them.
     *
     * @throws NullPointerException if {@code name} is null
     */
    public ReceiverStats {
        Objects.requireNonNull(name, "name");
    }
}
