package dev.rustyonions.bus.ring;

/** A ring of the plainest messages. */
final class CellRing extends Ring {
    CellRing(int capacity) {
        super(capacity);
    }

    @Override
    protected Object message(long sequence, Object event) {
        return new Cell(sequence, event);
    }

    @Override
    protected long sequenceOf(Object cell) {
        return cell instanceof Cell message ? message.sequence() : NO_SEQUENCE;
    }

    record Cell(long sequence, Object event) {}
}
