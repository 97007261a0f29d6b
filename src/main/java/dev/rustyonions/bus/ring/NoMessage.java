package dev.rustyonions.bus.ring;

/** What a cursor finds in place of a message. */
public enum NoMessage {
    /** Nothing is published at the cursor yet. */
    EMPTY,
    /**
     * The cursor fell out of the window; {@link Cursor#lagFrom()} and {@link Cursor#lagMissed()}
     * tell what was lost.
     */
    LAGGED,
    /** Everything up to the close of the ring has been read. */
    BUS_CLOSED,
    /** The receiver itself was closed. */
    RECEIVER_CLOSED,
    /** The receiver was ended from the publishers' side. */
    EVICTED
}
