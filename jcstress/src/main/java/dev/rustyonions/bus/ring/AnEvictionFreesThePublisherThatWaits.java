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

/** The end of a lossless receiver that never reads, against a publisher that waits for it. */
@JCStressTest
@Outcome(
        id = "2, (at once|joined)",
        expect = ACCEPTABLE,
        desc = "The publisher found the receiver ended, before it joined the queue or after.")
@Outcome(
        id = "2, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The end of the receiver found the publisher in the queue.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "The publisher waited for a receiver that had ended.")
@State
public class AnEvictionFreesThePublisherThatWaits {
    private final HeldPublisher held = new HeldPublisher();

    @Actor
    public void publisher(LL_Result r) {
        r.r1 = held.submit();
    }

    @Actor
    public void evictor() {
        held.channel.evict(held.cursor.id());
    }

    @Arbiter
    public void how(LL_Result r) {
        r.r2 = held.how();
    }
}
