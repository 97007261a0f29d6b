package dev.rustyonions.bus.ring;

/** Measures the stack probe in the form that the JVM's options give it. */
final class Probing {
    /** Calls until a compiler has taken the method over, several times what it asks for. */
    private static final int WARM = 50_000;

    private static final long STACK = 16L << 20;

    /** What else stands on the stack, guard zones included. */
    private static final long ASIDE = 256 << 10;

    private volatile long deepest;
    private volatile boolean roomy;

    private Probing() {}

    public static void main(String[] args) throws InterruptedException {
        for (int i = 0; i < WARM; i++) {
            StackProbe.requireRoom();
        }
        Probing probing = new Probing();
        onNewStack(() -> probing.deepest = deepest());
        onNewStack(probing::probeOnTheWayBackFromAnOverflow);
        System.out.printf(
                "touched %d, roomy %b%n",
                StackProbe.FRAMES * (STACK - ASIDE) / probing.deepest, probing.roomy);
    }

    private static void onNewStack(Runnable body) throws InterruptedException {
        Thread thread = new Thread(null, body, "probing", STACK);
        thread.start();
        thread.join();
    }

    /** The most frames that this thread's stack has room for, to one in a hundred. */
    private static long deepest() {
        int fits = 1;
        int overflows = (int) (STACK / 16);
        while (overflows - fits > fits / 100) {
            int frames = (fits + overflows) >>> 1;
            try {
                StackProbe.requireRoom(frames);
                fits = frames;
            } catch (StackOverflowError e) {
                overflows = frames;
            }
        }
        return fits;
    }

    /**
     * Probes at every depth from the deepest up, to the first success; then half of what was probed
     * must be there.
     */
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
            StackProbe.requireRoom();
        } catch (StackOverflowError e) {
            return false;
        }
        try {
            StackProbe.requireRoom(StackProbe.FRAMES / 2);
            roomy = true;
        } catch (StackOverflowError e) {
            roomy = false;
        }
        return true;
    }
}
