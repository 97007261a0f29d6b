package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/** A ring of plain numbered cells, to look at the engine without the API on top. */
class NumberRing extends Ring {
    NumberRing(int capacity) {
        super(capacity);
    }

    @Override
    protected Object message(long sequence, Object event) {
        return new Cell(sequence, event);
    }

    @Override
    protected long sequenceOf(@Nullable Object cell) {
        return cell instanceof Cell message ? message.sequence() : NO_SEQUENCE;
    }

    @Override
    protected Object copyOf(Object message) {
        Cell original = (Cell) message;
        return new Cell(original.sequence(), original.event());
    }

    record Cell(long sequence, Object event) {}
}
