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
     *     IDLE  -> TAKEN   a waker, or the thread that pops the node; the share is void
     *
     * TAKEN is final: a node is pushed once. The owner learns from the transition that failed
     * whether the share in the node is valid. ARMED to IDLE fails only because a waker has handed a
     * share to it. IDLE to ARMED fails only because the node has been taken off the stack.
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
     * by the waker that moved ARMED to TAKEN. If a waker reads null, the owner has noticed TAKEN by
     * itself and needs no unpark.
     */
    @Nullable Thread thread;

    /** The node below. Set before the push; cut by the waker or the thread that pops the node. */
    @Nullable WaitNode next;

    /** A node further below, see {@link WaitStack}. Set and cut as {@code next} is. */
    @Nullable WaitNode jump;

    /** How many nodes the stack has from this one down, itself included. Set before the push. */
    int depth;

    /**
     * Before TAKEN and with it: the first node of the share handed over. In the first node of a
     * share that was laid aside, which has been handed nothing: the next share laid aside.
     */
    @Nullable WaitNode shareOrLink;

    /**
     * The share handed over, as {@link Share#of} keeps it. In the first node of a share that was
     * laid aside: how many nodes it has.
     */
    int share;

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
