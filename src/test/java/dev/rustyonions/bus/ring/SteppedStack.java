package dev.rustyonions.bus.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A stack of receivers without threads, at which a waker can be stopped between taking a node and
 * unparking its owner, a waiter while it is parked, and a leaver before it pops and around its
 * claim of a node. What an owner does when it is woken is done for it, in the order of the unparks.
 */
final class SteppedStack extends WaitStack {
    private final List<WaitNode> armed = new ArrayList<>();
    private final Deque<Thread> unparked = new ArrayDeque<>();

    private Runnable beforeUnpark;
    private Runnable whileParked = () -> {};
    private Runnable beforePop = () -> {};
    private WaitNode claimed;
    private Consumer<Runnable> aroundClaim;

    /** Arms a node for an owner of its own. */
    WaitNode arm() {
        WaitNode node = arm(null, new Thread(), Integer.MAX_VALUE);
        armed.add(node);
        return node;
    }

    /**
     * Runs {@code others} before each unpark, until this is called with null; not before those they
     * cause themselves.
     */
    void beforeUnparks(Runnable others) {
        beforeUnpark = others;
    }

    /** Runs {@code others} in each park with a time limit, which then returns. */
    void whileParked(Runnable others) {
        whileParked = others;
    }

    /**
     * Runs {@code others} once, around the claim of {@code node}, which they are given to make in
     * between.
     */
    void aroundNextClaim(WaitNode node, Consumer<Runnable> others) {
        claimed = node;
        aroundClaim = others;
    }

    /** Runs {@code others} once, before whoever leaves next looks for nodes to pop. */
    void beforeNextPop(Runnable others) {
        beforePop = others;
    }

    @Override
    void popIdle() {
        Runnable others = beforePop;
        beforePop = () -> {};
        others.run();
        super.popIdle();
    }

    @Override
    boolean claim(WaitNode node) {
        if (node != claimed) {
            return super.claim(node);
        }
        claimed = null;
        boolean[] success = new boolean[1];
        aroundClaim.accept(() -> success[0] = super.claim(node));
        return success[0];
    }

    @Override
    void parkNanos(Object blocker, long nanos) {
        whileParked.run();
    }

    @Override
    void unpark(Thread thread) {
        Runnable others = beforeUnpark;
        if (others != null) {
            beforeUnpark = null;
            try {
                others.run();
            } finally {
                beforeUnpark = others;
            }
        }
        if (thread != null) { // null if its owner has left by itself meanwhile
            unparked.add(thread);
        }
    }

    /**
     * Lets each unparked owner serve its share, until nobody new is unparked; an error that it
     * meets is its own.
     */
    void serveAll() {
        while (!unparked.isEmpty()) {
            Thread owner = unparked.remove();
            for (WaitNode node : List.copyOf(armed)) {
                if (node.thread == owner) {
                    armed.remove(node);
                    try {
                        disarm(node);
                    } catch (PlantedError | StackOverflowError planted) {
                        // The caller of recv has it.
                    }
                }
            }
        }
    }

    /** Owners that have not been unparked and served. */
    int asleep() {
        return armed.size();
    }
}
