package dev.rustyonions.bus.nats;

import java.util.List;
import java.util.Locale;

/** Why an event that an export numbered did not arrive. */
public enum Cause {
    /**
     * The export did not come to the event on its own bus: it lagged and the event was overwritten,
     * it was evicted, or its time for closing was up. With a filter, events that it would have
     * refused are counted too.
     */
    LAGGED,

    /** The export had no connection, and the client's buffer for that time was full or refused. */
    NOT_CONNECTED,

    /** The client's outgoing queue was full: the server did not read, or the network was slow. */
    BUFFER_FULL,

    /** The encoded event, with its header, was above the limit of the server or of the stream. */
    TOO_LARGE,

    /** The encoder threw, or returned null. */
    NOT_ENCODABLE,

    /** The import was too slow: its client dropped messages of a full queue, and counted them. */
    SLOW_CONSUMER,

    /** Sent, and not received: lost with a connection, or dropped by the server. */
    ON_THE_WAY,

    /** It arrived, and the decoder threw. */
    UNDECODABLE,

    /** It arrived, and the decoder returned null: nothing that this program knows. */
    UNKNOWN_TYPE,

    /**
     * The stream had dropped it before the import came to it, or the import waited for it and it
     * did not come.
     */
    EXPIRED;

    /** The causes that an export itself knows of, in the order in which it counts them. */
    static final List<Cause> UNSENT =
            List.of(LAGGED, NOT_CONNECTED, BUFFER_FULL, TOO_LARGE, NOT_ENCODABLE);

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Whether an export counts it, so that it is known on both sides.
     *
     * @return false if only imports do
     */
    public boolean isOfExport() {
        return UNSENT.contains(this);
    }

    /** The name as it travels in a header: lower case, with hyphens. */
    @Override
    public String toString() {
        return text;
    }
}
