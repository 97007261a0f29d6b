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
 * A share too large to be woken directly, halved while the receiver to whom the lower half goes
 * leaves.
 */
@JCStressTest
@Outcome(
        id = "left, all woken",
        expect = ACCEPTABLE,
        desc = "The receiver left first; the half went to the next one below.")
@Outcome(
        id = "handed over, all woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver was handed the half while it left, and served it.")
@Outcome(id = ".*, stranded", expect = FORBIDDEN, desc = "A receiver was not woken.")
@State
public class ALeaverAmidALargeShareStrandsNobody {
    /**
     * The first to be woken is handed twice this many; the one after the first half of them is the
     * leaver.
     */
    private static final int HALF = Share.DIRECT + 1;

    private final WaitStack stack = new WaitStack();
    private final StandIn[] others = new StandIn[2 * HALF];
    private final WaitNode leaver;

    public ALeaverAmidALargeShareStrandsNobody() {
        int i = 0;
        while (i < HALF - 1) {
            others[i++] = new StandIn(stack, others.length);
        }
        leaver = stack.arm(null, new Thread(), others.length);
        while (i < others.length) {
            others[i++] = new StandIn(stack, others.length);
        }
    }

    @Actor
    public void leaver(LL_Result r) {
        r.r1 = stack.disarm(leaver) == null ? "handed over" : "left";
    }

    @Actor
    public void publisher() {
        stack.wakeIfAny(true);
        others[others.length - 1].serve();
    }

    @Arbiter
    public void others(LL_Result r) {
        int woken = 0;
        for (int before = -1; woken > before; ) {
            before = woken;
            woken = 0;
            for (StandIn other : others) {
                if (other.isWoken()) {
                    woken++;
                    other.serve();
                }
            }
        }
        r.r2 = woken == others.length ? "all woken" : "stranded";
    }
}
