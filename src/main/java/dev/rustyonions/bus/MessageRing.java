package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

/** The ring whose slots hold {@link Message} records, the very ones that receivers are given. */
final class MessageRing extends Ring {
    MessageRing(int capacity) {
        super(capacity);
    }

    @Override
    protected Object message(long sequence, Object event) {
        return new Message<>(sequence, event);
    }

    @Override
    protected long sequenceOf(@Nullable Object cell) {
        return cell instanceof Message<?> message ? message.sequence() : NO_SEQUENCE;
    }

    @Override
    protected Object copyOf(Object message) {
        Message<?> original = (Message<?>) message;
        return new Message<>(original.sequence(), original.event());
    }
}
