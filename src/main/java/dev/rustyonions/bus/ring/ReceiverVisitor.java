package dev.rustyonions.bus.ring;

/** Is shown the living receivers of a channel. */
@FunctionalInterface
public interface ReceiverVisitor {
    /**
     * Called once for each receiver.
     *
     * @param receiver the receiver; its constructor may not have ended, so only its identity is to
     *     be used
     * @param account its account
     * @param missed messages it missed of those published since it subscribed, those it has not
     *     been told of included
     * @param depth messages published and not yet read by it, 0 to the capacity
     * @param waiting whether a thread waits in it for something to receive
     */
    void visit(Object receiver, ReceiverView account, long missed, int depth, boolean waiting);
}
