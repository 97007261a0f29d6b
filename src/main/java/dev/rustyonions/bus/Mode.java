package dev.rustyonions.bus;

/**
 * How publishers and receivers of a bus divide the work of waking up. Order, loss, close and
 * metrics are the same in every mode, and {@code publish} is visible and waking at once in all of
 * them; {@code publishMany} and {@code batch()} exist in all of them too.
 */
public enum Mode {
    /**
     * A receiver that finds nothing parks at once and is woken by the next publish. The default.
     */
    CLASSIC,

    /**
     * As {@link #CLASSIC}, for producers that publish in bursts through {@code batch()}: a batch
     * becomes visible when it is flushed, with one sweep of wake-ups for all of it.
     */
    BATCHED,

    /**
     * For the fewest wake-ups: a receiver that runs dry lingers for at most {@link
     * BusConfig#linger()} before it asks to be woken, so that publishers do no wake-up work while
     * events keep coming. The linger bounds what this adds to the latency of a receive and of the
     * notice that the bus was closed.
     */
    EDGE
}
