package dev.rustyonions.bus;

/** Why a receive ended with {@link Closed}. */
public enum Reason {
    /** The bus was closed and the receiver has read everything published before. Final. */
    BUS_CLOSED,
    /** The receiver was closed. Final. */
    RECEIVER_CLOSED,
    /** The receiver was ended from the publishers' side, by {@link Bus#evict}. Final. */
    EVICTED,
    /**
     * The receiving thread is interrupted. Its interrupt status is kept; once it is cleared the
     * receiver can be used again.
     */
    INTERRUPTED
}
