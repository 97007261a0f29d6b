package dev.rustyonions.bus.ring;

/** A cursor from now, for tests that call the engine directly. */
final class SteppedCursor extends Cursor {
    SteppedCursor(Channel channel) {
        super(channel, new Start.Now(), false);
    }
}
