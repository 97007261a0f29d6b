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
 * The end of a receiver against a receive. The position, while the receiver ends and afterwards, is
 * that of the next message: what was given is below it, what was not is still owed.
 */
@JCStressTest
@Outcome(id = "given 1, 1", expect = ACCEPTABLE, desc = "The message was given and is passed.")
@Outcome(
        id = "ended 0, 0",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receive was told of the end, and the message is still owed.")
@Outcome(expect = FORBIDDEN, desc = "The position does not tell what was given.")
@State
public class AnEndedReceiverKeepsItsPosition {
    private final Channel channel = new Channel(new NumberRing(2), 0, false);
    private final LosslessCursor cursor = new LosslessCursor(channel, new Start.Now());

    public AnEndedReceiverKeepsItsPosition() {
        channel.publish(0);
    }

    @Actor
    public void receiver(LL_Result r) {
        Object found = cursor.poll();
        r.r1 = (found instanceof NumberRing.Cell ? "given " : "ended ") + cursor.position();
    }

    @Actor
    public void evictor() {
        channel.evict(cursor.id());
    }

    @Arbiter
    public void afterwards(LL_Result r) {
        r.r2 = cursor.position();
    }
}
