package dev.rustyonions.bus.chaos;

/**
 * Runs an action again and again on a stack that is almost full, with a little more room each time:
 * from where it cannot even be called up to where it succeeds, so that the overflow strikes at
 * every point of it.
 */
final class DeepStack {
    private final Runnable action;
    private final int successesWanted;
    private int overflows;
    private int successes;

    private DeepStack(Runnable action, int successesWanted) {
        this.action = action;
        this.successesWanted = successesWanted;
    }

    /**
     * How often the action overflowed the stack before it had succeeded {@code successesWanted}
     * times.
     */
    static int overflows(int successesWanted, Runnable action) {
        DeepStack stack = new DeepStack(action, successesWanted);
        stack.descend();
        return stack.overflows;
    }

    @SuppressWarnings("InfiniteRecursion")
    private void descend() {
        try {
            descend();
        } catch (StackOverflowError bottom) {
            // The bottom: from here on every return gives the action one frame more.
        }
        if (successes < successesWanted) {
            try {
                action.run();
                successes++;
            } catch (StackOverflowError e) {
                overflows++;
            }
        }
    }
}
