package dev.rustyonions.bus.ring;

/**
 * A ring at which a thread can be stopped at these steps: a publisher between reading a slot and
 * its compare-and-set, a reader between reading a slot and looking at what it found, a subscriber
 * that copies a message. What the other threads do meanwhile runs in place of the stopped one.
 */
final class SteppedRing extends NumberRing {
    private Runnable duringPublish;
    private Runnable duringRead;
    private Runnable beforeCopy;

    SteppedRing(int capacity) {
        super(capacity);
    }

    /**
     * Runs {@code others} once, when the next publisher has read its slot and is about to
     * compare-and-set.
     */
    void duringNextPublish(Runnable others) {
        duringPublish = others;
    }

    /**
     * Runs {@code others} whenever a cell is looked at, until this is called with null; not for
     * what they look at themselves.
     */
    void duringReads(Runnable others) {
        duringRead = others;
    }

    /** Runs {@code others} once, when the next copy of a message is about to take its place. */
    void beforeNextCopy(Runnable others) {
        beforeCopy = others;
    }

    @Override
    protected Object copyOf(Object message) {
        Runnable others = beforeCopy;
        if (others != null) {
            beforeCopy = null;
            others.run();
        }
        return super.copyOf(message);
    }

    @Override
    protected Object message(long sequence, Object event) {
        Runnable others = duringPublish;
        if (others != null) {
            duringPublish = null;
            others.run();
        }
        return super.message(sequence, event);
    }

    @Override
    protected long sequenceOf(Object cell) {
        Runnable others = duringRead;
        if (others != null) {
            duringRead = null;
            others.run();
            duringRead = others;
        }
        return super.sequenceOf(cell);
    }
}
