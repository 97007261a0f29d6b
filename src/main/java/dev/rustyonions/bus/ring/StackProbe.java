package dev.rustyonions.bus.ring;

/**
 * Overflows the stack now, where nothing is at stake, instead of later, where it would be.
 *
 * <p>Between arming and disarming a thread runs {@code park}, and between detaching a stack and the
 * last wake-up it runs {@code unpark}: JDK code that cannot be repaired after a {@link
 * StackOverflowError} in its middle. A thread that is about to run either makes sure of that much
 * stack first. So does a thread that changes an account or the count of receivers in several steps:
 * half of them would be a wrong account.
 */
final class StackProbe {
    /**
     * About 250 bytes a frame compiled, more interpreted: some 9 KiB, several times what park and
     * unpark use in the same form. A test measures the frames.
     */
    static final int FRAMES = 36;

    /** For a wait in a ForkJoinPool, which may start a thread before it parks. */
    static final int POOL_FRAMES = 4 * FRAMES;

    private static final StackProbe PROBE = new StackProbe();

    /** Never written; volatile, so that no two reads may become one. */
    private volatile long opaque = 1;

    private StackProbe() {}

    /**
     * Returns if the stack has room to park and to unpark; else throws {@link StackOverflowError}.
     */
    static long requireRoom() {
        return requireRoom(FRAMES);
    }

    /** As {@link #requireRoom}, so many frames deep. */
    static long requireRoom(int frames) {
        return PROBE.descend(frames);
    }

    /*
     * A probe precedes each wait, so it must be cheap. What costs is not the depth but the writing
     * of it. A frame is as large as the method's hungriest path needs: here the last call alone
     * holds 40 values at once, more than any processor has registers, because the one read last is
     * used first; the calls above it have room for them and write next to nothing.
     */
    private long descend(int frames) {
        if (frames > 0) {
            return descend(frames - 1) + 1;
        }
        long v0 = opaque;
        long v1 = opaque;
        long v2 = opaque;
        long v3 = opaque;
        long v4 = opaque;
        long v5 = opaque;
        long v6 = opaque;
        long v7 = opaque;
        long v8 = opaque;
        long v9 = opaque;
        long v10 = opaque;
        long v11 = opaque;
        long v12 = opaque;
        long v13 = opaque;
        long v14 = opaque;
        long v15 = opaque;
        long v16 = opaque;
        long v17 = opaque;
        long v18 = opaque;
        long v19 = opaque;
        long v20 = opaque;
        long v21 = opaque;
        long v22 = opaque;
        long v23 = opaque;
        long v24 = opaque;
        long v25 = opaque;
        long v26 = opaque;
        long v27 = opaque;
        long v28 = opaque;
        long v29 = opaque;
        long v30 = opaque;
        long v31 = opaque;
        long v32 = opaque;
        long v33 = opaque;
        long v34 = opaque;
        long v35 = opaque;
        long v36 = opaque;
        long v37 = opaque;
        long v38 = opaque;
        long v39 = opaque;
        return v39 - v38 - v37 - v36 - v35 - v34 - v33 - v32 - v31 - v30 - v29 - v28 - v27 - v26
                - v25 - v24 - v23 - v22 - v21 - v20 - v19 - v18 - v17 - v16 - v15 - v14 - v13 - v12
                - v11 - v10 - v9 - v8 - v7 - v6 - v5 - v4 - v3 - v2 - v1 - v0;
    }
}
