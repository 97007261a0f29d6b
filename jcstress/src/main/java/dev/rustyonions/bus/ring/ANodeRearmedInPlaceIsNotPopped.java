package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A receiver that waits again with an enlisted node and leaves at once, against another that pops
 * what nobody waits with.
 */
@JCStressTest
@Outcome(
        id = "anew, woken",
        expect = ACCEPTABLE,
        desc = "The other popped the node first; the receiver made a new one.")
@Outcome(
        id = "in place, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver armed the node while the other was about to pop it.")
@Outcome(
        id = ".*, stranded",
        expect = FORBIDDEN,
        desc = "The receiver armed a node that is on no stack.")
@State
public class ANodeRearmedInPlaceIsNotPopped {
    private final WaitStack stack = new WaitStack();
    private WaitNode kept;

    public ANodeRearmedInPlaceIsNotPopped() {
        kept = stack.arm(null, new Thread(), 2);
        // As its owner does when it leaves, and before it pops the node itself.
        kept.moveState(WaitNode.ARMED, WaitNode.IDLE);
    }

    @Actor
    public void receiver(LL_Result r) {
        WaitNode node = stack.arm(kept, Thread.currentThread(), 2);
        r.r1 = node == kept ? "in place" : "anew";
        kept = stack.disarm(node);
    }

    @Actor
    public void popper() {
        stack.popIdle();
    }

    @Arbiter
    public void publisher(LL_Result r) {
        WaitNode node = stack.arm(kept, Thread.currentThread(), 2);
        stack.wakeIfAny(true);
        r.r2 = node.isArmed() ? "stranded" : "woken";
    }
}
