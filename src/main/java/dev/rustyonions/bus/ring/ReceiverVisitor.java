package dev.rustyonions.bus.ring;

/** Is shown the living receivers of a channel. */
@FunctionalInterface
public interface ReceiverVisitor {
    /**
     * Called once for each receiver.
     *
     * @param cursor the receiver
     * @param missed messages it has missed, those it has not been told of included
     * @param depth messages published and not yet read by it, 0 to the capacity
     */
    void visit(Cursor cursor, long missed, int depth);
}
