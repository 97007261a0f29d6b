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
 * A lossless receiver that takes a message, against a publisher that joins the queue because of it:
 * one of the two sees the other.
 */
@JCStressTest
@Outcome(
        id = "2, (at once|joined)",
        expect = ACCEPTABLE,
        desc = "The publisher found room, before it joined or after.")
@Outcome(
        id = "2, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver found the publisher in the queue.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "The publisher did not see the position and the receiver did not see the publisher.")
@State
public class AStepIsNotMissedByAPublisherThatJoins {
    private final HeldPublisher held = new HeldPublisher();

    @Actor
    public void publisher(LL_Result r) {
        r.r1 = held.submit();
    }

    @Actor
    public void receiver() {
        held.cursor.poll();
    }

    @Arbiter
    public void how(LL_Result r) {
        r.r2 = held.how();
    }
}
