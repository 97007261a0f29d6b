package dev.rustyonions.bus.ring;

/** A cursor from now, for tests that call the engine directly. */
final class WaitingCursor extends Cursor {
    WaitingCursor(Channel channel) {
        super(channel, new Start.Now(), false, null);
    }

    /** Waits for at most {@code nanos} until there is something to look at; true if there was. */
    boolean awaitsWithin(long nanos) {
        long began = System.nanoTime();
        long left = nanos;
        while (peek() == NoMessage.EMPTY) {
            left = nanos - (System.nanoTime() - began);
            if (left <= 0) {
                return false;
            }
            await(left);
        }
        return true;
    }
}
