package dev.rustyonions.bus.soak;

/** How a receiver behaves. */
enum Behaviour {
    /** Receives until the bus is closed. */
    STEADY,
    /** Receives some messages, closes, and comes back as another receiver. */
    COMES_AND_GOES,
    /** Stops reading now and then, for long enough to lag. */
    STALLS,
    /** Throws from its handler and goes on. */
    THROWS,
    /** Is interrupted while it waits, and goes on. */
    INTERRUPTED,
    /** Is closed by another thread while it waits. */
    CLOSED_BY_ANOTHER,
    /** Is evicted by another thread while it waits. */
    EVICTED,
    /** Leaves without a word, and comes back as another receiver. */
    ABANDONS
}
