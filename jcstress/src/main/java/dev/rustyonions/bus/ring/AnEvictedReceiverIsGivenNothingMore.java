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
 * An eviction against a receive. A receive that begins after the eviction has returned is given the
 * end; one that has begun before may still be given its message. In neither case does a publisher
 * wait for the receiver any more, though its step may be the last to write its position.
 */
@JCStressTest
@Outcome(
        id = "(message|EVICTED), free",
        expect = ACCEPTABLE,
        desc = "The receive came before the eviction returned, or was told.")
@Outcome(
        id = "message in between, free",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The eviction returned while the receive was under way.")
@Outcome(
        id = "message after, .*",
        expect = FORBIDDEN,
        desc = "A receive that began after the eviction was given a message.")
@Outcome(id = ".*, held", expect = FORBIDDEN, desc = "A receiver that has ended is waited for.")
@State
public class AnEvictedReceiverIsGivenNothingMore {
    private static final int CAPACITY = 2;

    private final Channel channel = new Channel(new NumberRing(CAPACITY), 0, false);
    private final LosslessCursor cursor = new LosslessCursor(channel, new Start.Now());
    private volatile boolean evicted;

    public AnEvictedReceiverIsGivenNothingMore() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    @Actor
    public void receiver(LL_Result r) {
        boolean before = evicted;
        Object found = cursor.poll();
        boolean after = evicted;
        if (found instanceof NumberRing.Cell) {
            r.r1 = "message" + (before ? " after" : after ? " in between" : "");
        } else {
            r.r1 = found.toString();
        }
    }

    @Actor
    public void evictor() {
        channel.evict(cursor.id());
        evicted = true;
    }

    @Arbiter
    public void publisher(LL_Result r) {
        for (int i = 0; i < 2 * CAPACITY; i++) {
            r.r2 = channel.submit("late", 0) >= 0 ? "free" : "held";
        }
    }
}
