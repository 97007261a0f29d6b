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
 * A publisher that read the hint before anything was published, against a close with amnesia: no
 * event enters the closed ring.
 *
 * <p>It comes to slots that have been cleared, where an empty slot would take its event.
 */
@JCStressTest
@Outcome(
        id = "2, nothing left",
        expect = ACCEPTABLE,
        desc = "Published before the close, and forgotten with the others.")
@Outcome(
        id = "-1, nothing left",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Refused, at the terminal cell or at a cleared slot.")
@Outcome(
        id = ".*, a message left",
        expect = FORBIDDEN,
        desc = "A message stands in a closed bus that should have forgotten everything.")
@Outcome(id = "[01], .*", expect = FORBIDDEN, desc = "A sequence was given out twice.")
@State
public class AForgottenRingTakesNoStalePublish {
    private final NumberRing ring = new NumberRing(4);
    private final Channel channel = new Channel(ring, 0, true);

    public AForgottenRingTakesNoStalePublish() {
        channel.publish("first");
        channel.publish("second");
    }

    @Actor
    public void stalePublisher(LL_Result r) {
        r.r1 = ring.claim(0, "late");
    }

    @Actor
    public void closer() {
        channel.close();
    }

    @Arbiter
    public void left(LL_Result r) {
        r.r2 = "nothing left";
        for (int i = 0; i < ring.capacity(); i++) {
            if (ring.cell(i) instanceof NumberRing.Cell) {
                r.r2 = "a message left";
            }
        }
    }
}
