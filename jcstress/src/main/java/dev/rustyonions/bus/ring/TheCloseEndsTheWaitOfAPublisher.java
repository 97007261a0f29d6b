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

/** The close of a channel, against a publisher that waits for a receiver which never reads. */
@JCStressTest
@Outcome(
        id = "closed, (at once|joined)",
        expect = ACCEPTABLE,
        desc = "The publisher found the terminal cell, before it joined the queue or after.")
@Outcome(
        id = "closed, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The close found the publisher in the queue.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "The publisher waited for room on a channel that was closed.")
@Outcome(
        id = "2, .*",
        expect = FORBIDDEN,
        desc = "The publisher overwrote what the receiver was owed.")
@State
public class TheCloseEndsTheWaitOfAPublisher {
    private final HeldPublisher held = new HeldPublisher();

    @Actor
    public void publisher(LL_Result r) {
        r.r1 = held.submit();
    }

    @Actor
    public void closer() {
        held.channel.close();
    }

    @Arbiter
    public void how(LL_Result r) {
        r.r2 = held.how();
    }
}
