package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/** Is shown the living receivers of a channel. */
@FunctionalInterface
public interface ReceiverVisitor {
    /**
     * Called once for each receiver.
     *
     * @param receiver the receiver; its constructor may not have ended, so only its identity is to
     *     be used
     * @param label what it is called, or null
     * @param delivered messages it was given
     * @param filtered messages its filter refused
     * @param missed messages it missed of those published since it subscribed, those it has not
     *     been told of included
     * @param depth messages published and not yet read by it, 0 to the capacity
     */
    void visit(
            Object receiver,
            @Nullable Object label,
            long delivered,
            long filtered,
            long missed,
            int depth);
}
