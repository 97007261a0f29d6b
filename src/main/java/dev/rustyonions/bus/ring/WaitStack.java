package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * What publishers read to learn whether anyone is parked; on a line of its own, see {@link
 * PadBefore}.
 */
abstract class WaitStackTop extends PadBefore {
    /** The node pushed last; null when nobody is enlisted. */
    volatile @Nullable WaitNode top;

    /** Shares whose server failed, linked by {@code shareOrLink}; null but after an error. */
    volatile @Nullable WaitNode laidAside;
}

/** Keeps the top off the line of the counter below. */
abstract class WaitStackPadAfter extends WaitStackTop {
    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;
}

/**
 * The lock-free stack of parked threads of one kind, virtual or platform, and the tree by which
 * they wake one another.
 *
 * <p>A waker detaches the whole stack and unparks one thread. That thread, before it returns to its
 * caller, sees to the others: it gives halves of its share to some of them, unparks a few, and
 * gives what is left to one more. So a publisher pays for one wake-up however many threads are
 * parked.
 */
class WaitStack extends WaitStackPadAfter {
    /*
     * The problem
     * -----------
     * A publisher must not pay for each parked receiver, and no receiver may sleep through a
     * message. So the publisher wakes one thread, and the woken threads wake the others.
     *
     * No wake-up is lost
     * ------------------
     *     waiter                                   publisher
     *     1 arm: push, or IDLE -> ARMED            1 compare-and-set the message into its slot
     *     2 full fence                             2 read top (volatile)
     *     3 look at the slot again                 3 if it is not null: detach and wake
     *     4 park if the slot is empty
     *
     * Suppose that the waiter's look (3) misses the message. Then the look precedes the publisher's
     * store (1) in the order of the fences. So the publisher's read (2) comes after the waiter's
     * arming (1), and it finds the node, unless another thread has detached the stack in between.
     * That thread still owes the wake-up: had it taken the node already, arming would have failed.
     *
     * The fence (2) is needed. An acquire read alone in (3) could overtake the arming store. The
     * publisher needs none: its compare-and-set and its volatile read are ordered by the memory
     * model's order of volatile accesses.
     *
     * Shares
     * ------
     * A share is (first node, count): count nodes from the first one down. It names no last node,
     * so nothing refers to nodes that another thread serves. Shares are disjoint. Each has one
     * server, and only the server follows or cuts the links of its nodes.
     *
     * To hand a share to a node its server reads the node's next, writes the share into the node,
     * cuts the node's links, and sets TAKEN. If the node was ARMED, its owner is unparked and has
     * the share. Otherwise the owner has withdrawn: the share in the node is void, and the server
     * keeps it and goes on with the next node.
     *
     *     publisher detaches 9 nodes and unparks the first, with a share of the other 8
     *
     *         (8 7 6 5 4 3 2 1)                    woken thread 9 serves eight
     *          8 7 6 5 | (4 3 2 1) to 4            it gives the lower half to node 4
     *          8 7                                 wakes two itself
     *              (6 5) to 6                      and gives what is left to node 6
     *                      (3 2 1)                 woken thread 4 has been handed three
     *
     * How often a share is halved, and how many of it a server wakes by itself, is Share's. No
     * wake-up depends on that.
     *
     * Finding the middle: jump pointers
     * ---------------------------------
     * The node k below another is found in O(log n) steps. Each node has, beside next, a jump to a
     * node further down. The rule is that of the skew-binary random-access stack (Myers 1983,
     * Okasaki 1995), computed at the push from the two nodes below: if the jump of the node below
     * and the jump after that span equal distances, jump over both, else to the node below.
     *
     *     depth       1    2    3    4    5    6    7    8
     *     jumps to    -    1    2    1    4    5    4    1
     *
     * Each step down takes the jump if it does not go too far, else next. A jump that ends inside a
     * share starts and stays inside it.
     *
     * Pushed once
     * -----------
     * A pusher may stall between its read of the top and its compare-and-set. If a node could be
     * pushed again after a detach, that compare-and-set could succeed with the depth and jump of
     * another time. So a node never comes back to the stack. An owner that withdraws (timeout,
     * interrupt, message seen in time) may leave its node on the stack, or on a detached part of
     * it. The owner arms the node again where it stands.
     *
     * Nodes that are not ARMED are popped when they come to the top. So the first node that a waker
     * meets is ARMED, unless a withdrawing thread was preempted before it popped its node. A node
     * is popped only by a thread that saw it TAKEN, which is final. If a node were popped while
     * IDLE, its owner could arm it on no stack, and nobody would wake that owner again. Idle nodes
     * further down stay where they are: they are orphans. When the stack is twice as deep as there
     * are receivers, the next thread to push wakes everybody, which costs each orphan a constant.
     *
     * Errors
     * ------
     * An unpark that fails leaves a share in the node of a thread that may never run. The waker and
     * that thread both take the share by getAndSet, so exactly one of them has it. If the waker has
     * it, it lays it aside, together with what it still had to serve itself, and serves both before
     * it throws. If the stack has no room for that, the next waker or waiter serves them, or a
     * receiver that finds the channel closed. Shares laid aside are linked by their first nodes.
     * Those have not been handed anything, so nothing reads their share fields, and laying aside
     * allocates nothing.
     */

    /** Depth below which orphans are left alone, however few receivers there are. */
    private static final int SWEEP_FLOOR = 64;

    private static final VarHandle TOP =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "top",
                    VarHandle.class,
                    WaitStackTop.class,
                    WaitNode.class);
    private static final VarHandle LAID_ASIDE =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "laidAside",
                    VarHandle.class,
                    WaitStackTop.class,
                    WaitNode.class);
    private static final VarHandle WOKEN =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "woken", VarHandle.class, WaitStack.class, long.class);

    /** Told how many nodes a sweep took off the stack, once their wake-up is under way. */
    private final IntConsumer onWake;

    /** Threads unparked so far. Added to once per share. */
    private volatile long woken;

    WaitStack() {
        this(enlisted -> {});
    }

    /**
     * Makes an empty stack.
     *
     * @param onWake called by the thread that wakes, after the hand-over and never while enlisted;
     *     must not throw
     */
    WaitStack(IntConsumer onWake) {
        this.onWake = onWake;
    }

    long woken() {
        return woken;
    }

    // ---- parking: what a model checker replaces, because LockSupport may return at any time ----

    /** Blocks the current thread until it is unparked, or for no reason at all. */
    void park(Object blocker) {
        LockSupport.park(blocker);
    }

    /** As {@link #park}, for {@code nanos} at most. */
    void parkNanos(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    void unpark(@Nullable Thread thread) {
        LockSupport.unpark(thread);
    }

    // ---- the waiter's side ----

    /**
     * Arms the current thread's node: {@code kept}, if it is still enlisted, else a new one. The
     * caller must issue a full fence and look again before it parks, and must {@link #disarm} in
     * any case.
     *
     * @param kept what {@link #disarm} returned last, or null
     * @param receivers asked for the number of living receivers, by which orphans are told; asked
     *     after the top was read, because many may subscribe and enlist while a thread stalls
     *     between the two
     * @return the armed node; no node is armed if this throws
     */
    WaitNode arm(@Nullable WaitNode kept, Thread self, IntSupplier receivers) {
        if (hasLaidAside()) {
            serveLaidAside(false);
        }
        if (kept != null) {
            kept.thread = self;
            if (kept.moveState(WaitNode.IDLE, WaitNode.ARMED)) {
                return kept;
            }
            kept.thread = null;
        }
        WaitNode node = new WaitNode(self);
        while (true) {
            WaitNode below = top;
            if (below != null
                    && below.depth > SWEEP_FLOOR
                    && below.depth > 2L * receivers.getAsInt()) {
                StackProbe.requireRoom();
                wake();
                continue;
            }
            link(node, below);
            if (casTop(below, node)) {
                return node;
            }
        }
    }

    /** As above, among so many receivers. */
    WaitNode arm(@Nullable WaitNode kept, Thread self, int receivers) {
        return arm(kept, self, () -> receivers);
    }

    static void link(WaitNode node, @Nullable WaitNode below) {
        node.next = below;
        if (below == null) {
            node.depth = 1;
            node.jump = null;
            return;
        }
        node.depth = below.depth + 1;
        // A null here may also be a link that was just cut; then the stack has changed and the push
        // fails.
        WaitNode near = below.jump;
        WaitNode far = near == null ? null : near.jump;
        boolean equalSpans =
                near != null && far != null && below.depth - near.depth == near.depth - far.depth;
        node.jump = equalSpans ? far : below;
    }

    boolean casTop(@Nullable WaitNode expected, @Nullable WaitNode node) {
        return TOP.compareAndSet(this, expected, node);
    }

    /**
     * Disarms the node of a thread that no longer waits; serves the share handed to it, if it was
     * woken.
     *
     * @return the node if it is still enlisted and is to be kept for the next {@link #arm}, else
     *     null
     */
    @Nullable WaitNode disarm(WaitNode node) {
        if (node.moveState(WaitNode.ARMED, WaitNode.IDLE)) {
            node.thread = null;
            popIdle();
            return node.state() == WaitNode.IDLE ? node : null;
        }
        node.thread = null;
        int share = node.share;
        WaitNode first = takeShare(node);
        if (first != null) {
            serve(first, Share.count(share), Share.generation(share));
        }
        return null;
    }

    /**
     * Pops nodes from the top that nobody waits with. Each was pushed once and is popped once: O(1)
     * amortised.
     */
    void popIdle() {
        while (true) {
            WaitNode node = top;
            if (node == null) {
                return;
            }
            int state = node.state();
            if (state == WaitNode.ARMED) {
                return;
            }
            if (state == WaitNode.IDLE && !claim(node)) {
                // Armed again or taken meanwhile; a second read of the state may miss which.
                continue;
            }
            // Read before the compare-and-set: if that succeeds the node was on the stack all the
            // while, its link uncut.
            WaitNode next = node.next;
            if (casTop(node, next)) {
                node.next = null;
                node.jump = null;
            }
        }
    }

    /** Takes a node that nobody waits with, if it is still one. */
    boolean claim(WaitNode node) {
        return node.moveState(WaitNode.IDLE, WaitNode.TAKEN);
    }

    // ---- the waker's side ----

    /**
     * Overflows the stack now if it has no room for the wake-up that is about to be owed, so that a
     * publisher in a deep call fails before its event is accepted, and not between that and the
     * wake-up. Only a thread that enlists in between, and a share that an error has left, can still
     * be left to the next publisher.
     *
     * @return whether the stack was probed
     */
    boolean prepareToWake() {
        if (top == null) {
            return false;
        }
        StackProbe.requireRoom();
        return true;
    }

    /**
     * Wakes every thread enlisted before this call. Unparks one thread itself at most, unless nodes
     * on top are idle.
     *
     * @param probed whether the caller has probed its stack; probed twice it might overflow the
     *     second time
     */
    void wakeIfAny(boolean probed) {
        if (top != null) {
            if (!probed) {
                StackProbe.requireRoom();
            }
            wake();
        }
        if (hasLaidAside()) {
            serveLaidAside(probed);
        }
    }

    /** Whether an error has left shares unserved. */
    boolean hasLaidAside() {
        return laidAside != null;
    }

    private void wake() {
        WaitNode first = (WaitNode) TOP.getAndSet(this, null);
        if (first != null) {
            int enlisted = first.depth;
            try {
                handOver(first, enlisted, Share.FIRST);
            } catch (Throwable e) {
                serveLaidAsideAfter(e);
                throw e;
            }
            onWake.accept(enlisted);
        }
    }

    private void serveLaidAside(boolean probed) {
        if (!probed) {
            StackProbe.requireRoom();
        }
        WaitNode share = (WaitNode) LAID_ASIDE.getAndSet(this, null);
        while (share != null) {
            WaitNode following = share.shareOrLink;
            try {
                handOver(share, share.share, Share.FIRST);
            } catch (Throwable e) {
                layAsideAll(following); // the share itself was left by pass
                throw e;
            }
            share = following;
        }
    }

    /**
     * Serves what was left for the sake of an error, whatever fails once more: each failure uses up
     * a node. Not in a call too deep for it, which is left to the next waker or waiter.
     */
    private void serveLaidAsideAfter(Throwable error) {
        boolean hasRoom = !(error instanceof StackOverflowError);
        while (hasRoom && hasLaidAside()) {
            try {
                serveLaidAside(true);
            } catch (StackOverflowError e) {
                hasRoom = false;
            } catch (Throwable e) {
                // One more thread that cannot be woken. The caller is told of the first.
            }
        }
    }

    /** Unparks the first waiting thread of a share and gives it the rest, in that generation. */
    private void handOver(WaitNode first, int count, int generation) {
        WaitNode node = first;
        int left = count;
        while (node != null && left > 0) {
            WaitNode next = node.next;
            left--;
            if (handTo(node, left == 0 ? null : next, left, generation)) {
                count(1);
                return;
            }
            node = next;
        }
    }

    /**
     * Sees to it that all the threads of a share are woken: hands halves over, wakes some directly,
     * and hands on what is left.
     */
    private void serve(WaitNode first, int count, int generation) {
        WaitNode node = first;
        int left = count;
        int step = generation;
        int unparked = 0;
        try {
            while (Share.isHalved(left, step)) {
                int kept = left / 2;
                int given = left - kept;
                WaitNode middle = below(node, kept);
                left = kept;
                step = Share.heir(step);
                handOver(middle, given, step);
            }
            for (int direct = Share.direct(step);
                    direct > 0 && node != null && left > 0;
                    direct--) {
                WaitNode current = node;
                node = current.next;
                left--;
                if (handTo(current, null, 0, step)) {
                    unparked++;
                }
            }
            WaitNode rest = node;
            int following = left;
            left = 0; // what is left is handed over, and no longer ours to lay aside
            if (rest != null && following > 0) {
                handOver(rest, following, Share.heir(step));
            }
        } catch (Throwable e) {
            if (node != null && left > 0) {
                layAside(node, left);
            }
            serveLaidAsideAfter(e);
            throw e;
        } finally {
            count(unparked);
        }
    }

    /** The node {@code distance} below {@code node}, within one share. */
    private static WaitNode below(WaitNode node, int distance) {
        int depth = node.depth - distance;
        WaitNode at = node;
        while (at.depth > depth) {
            WaitNode jump = at.jump;
            WaitNode step = jump != null && jump.depth >= depth ? jump : at.next;
            if (step == null) {
                throw new AssertionError(
                        "a share ends above its count"); // links of unserved nodes are never cut
            }
            at = step;
        }
        return at;
    }

    /** Makes the node TAKEN; true if its owner was waiting, now has the share and is unparked. */
    private boolean handTo(
            WaitNode node, @Nullable WaitNode shareOrLink, int count, int generation) {
        node.shareOrLink = shareOrLink;
        node.share = Share.of(count, generation);
        node.next = null;
        node.jump = null;
        if (node.take() != WaitNode.ARMED) {
            node.shareOrLink = null;
            return false;
        }
        try {
            unpark(node.thread);
        } catch (Throwable e) {
            // The JDK's unpark failed, for want of memory say, and its thread may never run. The
            // others of its share must not pay for that.
            WaitNode share = takeShare(node);
            if (share != null) {
                layAside(share, count);
            }
            throw e;
        }
        return true;
    }

    /**
     * Takes the share out of a TAKEN node: its owner to serve it, or the waker that could not wake
     * the owner.
     */
    private static @Nullable WaitNode takeShare(WaitNode node) {
        return node.shareOrLink == null ? null : node.takeShare();
    }

    private void count(int unparked) {
        if (unparked > 0) {
            WOKEN.getAndAdd(this, (long) unparked);
        }
    }

    // ---- after an error ----

    /**
     * Keeps a share for the next waker or waiter. Its first node is not yet passed, so nobody reads
     * its share fields.
     */
    private void layAside(WaitNode first, int count) {
        first.share = count;
        WaitNode head;
        do {
            head = laidAside;
            first.shareOrLink = head;
        } while (!LAID_ASIDE.compareAndSet(this, head, first));
    }

    private void layAsideAll(@Nullable WaitNode shares) {
        WaitNode share = shares;
        while (share != null) {
            WaitNode following = share.shareOrLink;
            layAside(share, share.share);
            share = following;
        }
    }
}
