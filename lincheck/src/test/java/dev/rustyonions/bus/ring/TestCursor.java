package dev.rustyonions.bus.ring;

/** A cursor that tells in words what it is given. */
final class TestCursor extends Cursor {
    /** One from now. */
    TestCursor(Channel channel) {
        super(channel, new Start.Now(), false, null);
    }

    /** One that publishers which wait do wait for. */
    TestCursor(Channel channel, Start start) {
        super(channel, start, false, null, FOREVER);
    }

    String tryReceive() {
        return switch (peek()) {
            case NumberRing.Cell(long sequence, Object event) -> {
                takeDelivered(sequence);
                yield event + " at " + sequence;
            }
            case NoMessage.LAGGED -> {
                String lag = "lagged from " + lagFrom() + " by " + lagMissed();
                lagTold();
                yield lag;
            }
            case NoMessage signal -> signal.toString();
            case Object other -> throw new AssertionError("not a message: " + other);
        };
    }

    /** Waits without a time limit until something else than nothing is there. */
    String receive() {
        String received = tryReceive();
        while (received.equals("EMPTY")) {
            await(FOREVER);
            received = tryReceive();
        }
        return received;
    }
}
