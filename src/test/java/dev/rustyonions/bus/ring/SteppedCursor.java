package dev.rustyonions.bus.ring;

/** A cursor from now, for tests that call the engine directly. */
class SteppedCursor extends Cursor {
    private final Ring ring;

    SteppedCursor(Channel channel) {
        this(channel, new Start.Now());
    }

    SteppedCursor(Channel channel, Start start) {
        super(channel, start, false, null);
        ring = channel.ring();
    }

    /** A lossless one, with patience for so many nanoseconds. */
    SteppedCursor(Channel channel, Start start, long patience) {
        super(channel, start, false, null, patience);
        ring = channel.ring();
    }

    /** Looks, and takes what it finds if that is a message. */
    final Object poll() {
        Object found = peek();
        if (!(found instanceof NoMessage)) {
            takeDelivered(ring.sequenceOf(found));
        }
        return found;
    }
}
