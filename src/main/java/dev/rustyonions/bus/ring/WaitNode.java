package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One enlistment of a waiting thread on a {@link WaitStack}. It does not refer to the receiver, so
 * that a node left behind on a stack retains nothing but itself.
 */
final class WaitNode {
    /*
     * States and who moves between them
     *
     *     IDLE  -> ARMED   owner, before it parks
     *     ARMED -> IDLE    owner, leaving without having been woken; the node may still be on a
     *                      stack
     *     ARMED -> TAKEN   a waker; the owner is unparked and owns the share in the node
     *     IDLE  -> TAKEN   a waker, or whoever pops the node; the share is void
     *
     * TAKEN is final: a node is pushed once. The owner knows which share is valid by the transition
     * that failed for it: ARMED to IDLE fails only because a waker armed it with a share; IDLE to
     * ARMED fails only because the node is gone.
     */
    /** The state of a new node: zero, so that making one takes no volatile write. */
    static final int ARMED = 0;

    static final int IDLE = 1;
    static final int TAKEN = 2;

    private static final VarHandle STATE =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "state", VarHandle.class, WaitNode.class, int.class);

    private static final VarHandle SHARE_FIRST =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "shareOrLink",
                    VarHandle.class,
                    WaitNode.class,
                    WaitNode.class);

    /**
     * The thread to unpark. Plain: set by the owner before ARMED, cleared after IDLE or TAKEN, read
     * by the waker that moved ARMED to TAKEN. A waker that reads null has an owner that found out by
     * itself and needs no unpark.
     */
    @Nullable Thread thread;

    /** The node below. Set before the push; cut by the waker or whoever pops the node. */
    @Nullable WaitNode next;

    /** A node further below, see {@link WaitStack}. Set and cut as {@code next} is. */
    @Nullable WaitNode jump;

    /** How many nodes the stack has from this one down, itself included. Set before the push. */
    int depth;

    /**
     * The share the waker hands over with TAKEN: its first node. Also links shares that were left
     * unserved.
     */
    @Nullable WaitNode shareOrLink;

    /** The number of nodes in the share. */
    int shareCount;

    private volatile int state;

    WaitNode(Thread thread) {
        this.thread = thread;
    }

    int state() {
        return state;
    }

    boolean isArmed() {
        return state() == ARMED;
    }

    boolean moveState(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    @Nullable WaitNode takeShare() {
        return (WaitNode) SHARE_FIRST.getAndSet(this, (WaitNode) null);
    }

    int take() {
        return (int) STATE.getAndSet(this, TAKEN);
    }
}
