package dev.rustyonions.bus.nats;

import java.util.Map;

/**
 * The account of an export at one moment: {@code numbered} is {@code sent}, what {@code unsent}
 * holds and, with a stream, what is {@code pending}, exactly, whenever the export is between two
 * events.
 *
 * @param epoch which run of which bus this is: the identifier of the bus, and a random part
 * @param numbered the events that the export was to send, which is the number of the next one
 * @param sent events given to the NATS client; with a stream, events that it has confirmed
 * @param unsent events that were not, by cause; causes without any are not in it
 * @param filtered events that the filter refused, which get no number
 * @param pending events that a stream has not confirmed yet; 0 without a stream
 * @param reconnects how often the connection was made again
 */
public record ExportStats(
        String epoch,
        long numbered,
        long sent,
        Map<Cause, Long> unsent,
        long filtered,
        long pending,
        long reconnects) {
    /**
     * Makes an account. The export makes those it takes; this is for tests of code that reads.
     *
     * @throws NullPointerException if {@code unsent} is null or holds a null
     */
    public ExportStats {
        unsent = Map.copyOf(unsent);
    }

    /**
     * All that was not sent, whatever the cause.
     *
     * @return at least 0
     */
    public long unsentInAll() {
        return Causes.sum(unsent);
    }
}
