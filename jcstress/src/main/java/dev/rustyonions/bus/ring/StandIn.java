package dev.rustyonions.bus.ring;

/**
 * A parked receiver without a thread of its own, so that two actors are enough to race over a stack
 * of several: a node armed in the name of a thread that never starts. What its owner would do when
 * it is woken, the test does for it.
 */
final class StandIn {
    private final WaitStack stack;
    private final WaitNode node;

    StandIn(WaitStack stack) {
        this(stack, 1);
    }

    /**
     * As one of {@code receivers}, the number by which the stack tells how many of its nodes nobody
     * waits with any more.
     */
    StandIn(WaitStack stack, int receivers) {
        this.stack = stack;
        this.node = stack.arm(null, new Thread(), receivers);
    }

    /** Whether somebody has woken it. */
    boolean isWoken() {
        return node.state() == WaitNode.TAKEN;
    }

    /** Serves the wake-ups handed over with its own, as a woken receiver does before it returns. */
    void serve() {
        stack.disarm(node);
    }
}
