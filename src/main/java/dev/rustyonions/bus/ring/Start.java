package dev.rustyonions.bus.ring;

/** Where a cursor begins, given the tail at the moment it subscribes. */
public sealed interface Start {
    /** The first sequence to read. */
    long position(long tail, int capacity);

    /** From the next message published. */
    record Now() implements Start {
        @Override
        public long position(long tail, int capacity) {
            return tail;
        }
    }

    /** From the last {@code count} messages, or as many of them as are retained. */
    record Last(long count) implements Start {
        @Override
        public long position(long tail, int capacity) {
            return Math.max(0, tail - Math.min(count, capacity));
        }
    }

    /**
     * From a given sequence, which may be below the window and then lags, but not above the tail.
     */
    record At(long sequence) implements Start {
        @Override
        public long position(long tail, int capacity) {
            if (sequence > tail) {
                throw new IllegalArgumentException(
                        "from("
                                + sequence
                                + "): nothing has that sequence yet; allowed are 0 to "
                                + tail);
            }
            return sequence;
        }
    }
}
