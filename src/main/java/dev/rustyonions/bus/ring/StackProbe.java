package dev.rustyonions.bus.ring;

/**
 * Overflows the stack now, where nothing is at stake, instead of later, where it would be.
 *
 * <p>Between arming and disarming a thread runs {@code park}, and between detaching a stack and the
 * last wake-up it runs {@code unpark}: JDK code that cannot be repaired after a {@link
 * StackOverflowError} in its middle. Whoever is about to run either touches that much stack first.
 * So does whoever changes an account or the count of receivers in several steps: half of them would
 * be a wrong account.
 */
final class StackProbe {
    /**
     * About 100 bytes a frame compiled, 240 interpreted: some 9 KiB at least, several times what park
     * and unpark use in the same form.
     */
    private static final int FRAMES = 96;

    private StackProbe() {}

    /**
     * Returns if the stack has room to park and to unpark; else throws {@link StackOverflowError}.
     */
    static long touch() {
        return descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /*
     * The parameters are used after the call, so each frame has to keep them, and the call is no
     * tail call.
     */
    private static long descend(
            int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (frames == 0) {
            return a;
        }
        long below = descend(frames - 1, b, c, d, e, f, g, h, a);
        return below + a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
    }
}
