package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much stack a probe touches, in the form the compiler gave it. */
class StackProbeTest {
    /** Calls until the second compiler has taken the method over, several times what it asks for. */
    private static final int WARM = 50_000;

    private static final long STACK = 16L << 20;

    /** What else stands on the stack, guard zones included. */
    private static final long ASIDE = 256 << 10;

    /** Twice what park and unpark were seen to use. */
    private static final long ENOUGH = 6 << 10;

    private volatile long deepest;
    private volatile boolean roomy;

    @Test
    void whereAProbeSucceedsThereIsRoomForWhatFollowsIt() throws InterruptedException {
        for (int i = 0; i < WARM; i++) {
            StackProbe.touch();
        }
        Thread thread = new Thread(null, this::probeOnTheWayBackFromAnOverflow, "probing", STACK);
        thread.start();
        thread.join();
        assertThat(roomy).isTrue();
    }

    /** Probes at every depth from the deepest up, to the first success; then half of what was probed must be there. */
    @SuppressWarnings("InfiniteRecursion") // until the stack overflows
    private boolean probeOnTheWayBackFromAnOverflow() {
        try {
            if (probeOnTheWayBackFromAnOverflow()) {
                return true;
            }
        } catch (StackOverflowError e) {
            // Deepest here.
        }
        try {
            StackProbe.touch();
        } catch (StackOverflowError e) {
            return false;
        }
        try {
            StackProbe.touch(StackProbe.FRAMES / 2);
            roomy = true;
        } catch (StackOverflowError e) {
            roomy = false;
        }
        return true;
    }

    @Test
    void aCompiledProbeTouchesSeveralKibibytes() throws InterruptedException {
        for (int i = 0; i < WARM; i++) {
            StackProbe.touch();
        }
        Thread thread = new Thread(null, () -> deepest = deepest(), "probing", STACK);
        thread.start();
        thread.join();
        long bytesAFrame = (STACK - ASIDE) / deepest;
        assertThat(StackProbe.FRAMES * bytesAFrame).isBetween(ENOUGH, 8 * ENOUGH);
    }

    /** The most frames that this thread's stack has room for, to one in a hundred. */
    private static long deepest() {
        int fits = 1;
        int overflows = (int) (STACK / 16);
        while (overflows - fits > fits / 100) {
            int frames = (fits + overflows) >>> 1;
            try {
                StackProbe.touch(frames);
                fits = frames;
            } catch (StackOverflowError e) {
                overflows = frames;
            }
        }
        return fits;
    }
}
