package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

import java.lang.invoke.VarHandle;

/**
 * A receiver that waits again with a node still enlisted from its last wait, against the waker that
 * comes by that node.
 */
@JCStressTest
@Outcome(
        id = "in place, found, all woken|anew, (found|woken), all woken",
        expect = ACCEPTABLE,
        desc = "The receiver found the message, or was enlisted anew.")
@Outcome(
        id = "in place, woken, all woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The waker found the node armed again.")
@Outcome(
        id = ".*, lost, .*",
        expect = FORBIDDEN,
        desc = "The receiver did not see the message, and the waker passed its node by.")
@Outcome(id = ".*, stranded", expect = FORBIDDEN, desc = "A receiver above or below was not woken.")
@State
public class ANodeRearmedInPlaceIsWoken {
    private static final long LONG = 2_000_000_000;

    private final NumberRing ring = new NumberRing(2);
    private final WaitStack stack = new WaitStack();
    private final StandIn below = new StandIn(stack);
    private final WaitNode kept;
    private final StandIn above;

    public ANodeRearmedInPlaceIsWoken() {
        WaitNode node = stack.arm(null, new Thread(), 3);
        above = new StandIn(stack);
        WaitNode left = stack.disarm(node);
        if (left == null) {
            throw new AssertionError("below another, the node should have stayed on the stack");
        }
        kept = left;
    }

    @Actor
    public void receiver(LLL_Result r) {
        WaitNode node = stack.arm(kept, Thread.currentThread(), 3);
        VarHandle.fullFence();
        String how = "found";
        if (ring.cell(0) == null) {
            how = "woken";
            long began = System.nanoTime();
            while (node.isArmed()) {
                if (System.nanoTime() - began > LONG) {
                    how = "lost";
                    break;
                }
                Thread.onSpinWait();
            }
        }
        stack.disarm(node);
        r.r1 = node == kept ? "in place" : "anew";
        r.r2 = how;
    }

    @Actor
    public void publisher() {
        ring.publish("event");
        stack.wakeIfAny(false);
        // What the thread above would do once it is unparked.
        above.serve();
    }

    @Arbiter
    public void others(LLL_Result r) {
        r.r3 = above.isWoken() && below.isWoken() ? "all woken" : "stranded";
    }
}
