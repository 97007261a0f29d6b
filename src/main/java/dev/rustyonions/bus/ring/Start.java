package dev.rustyonions.bus.ring;

/** Where a cursor begins, given the tail at the moment it subscribes. */
public sealed interface Start {
    /**
     * The first sequence to read.
     *
     * @param tail the sequence the next message will have
     * @param capacity how many messages below it are retained at most
     * @param forgottenTo a sequence below which nothing is retained any more
     */
    long position(long tail, int capacity, long forgottenTo);

    /** From the next message published. */
    record Now() implements Start {
        @Override
        public long position(long tail, int capacity, long forgottenTo) {
            return tail;
        }
    }

    /** From the last {@code count} messages, or as many of them as are retained. */
    record Last(long count) implements Start {
        @Override
        public long position(long tail, int capacity, long forgottenTo) {
            return Math.max(forgottenTo, tail - Math.min(count, capacity));
        }
    }

    /**
     * From a given sequence, which may be below the window and then lags, but not above the tail.
     */
    record At(long sequence) implements Start {
        @Override
        public long position(long tail, int capacity, long forgottenTo) {
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

    /**
     * From a given sequence if there is or will next be a message that has it, else from another
     * start. What is below the window lags.
     */
    record Resume(long sequence, Start otherwise) implements Start {
        @Override
        public long position(long tail, int capacity, long forgottenTo) {
            return sequence > tail ? otherwise.position(tail, capacity, forgottenTo) : sequence;
        }
    }
}
