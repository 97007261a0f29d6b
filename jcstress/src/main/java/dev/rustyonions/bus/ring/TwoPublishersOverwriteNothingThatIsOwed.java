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
 * Two publishers that offer two events each for the room that a lossless receiver leaves one after
 * the other: both places are given away, each to one of them, and the receiver misses nothing.
 */
@JCStressTest
@Outcome(
        id = "A 0 B 2, nothing lost",
        expect = ACCEPTABLE,
        desc = "One publisher was done before there was room, or came when there was none left.")
@Outcome(
        id = "A (1 B 1|2 B 0), nothing lost",
        expect = ACCEPTABLE_INTERESTING,
        desc = "One publisher took a place beside the other.")
@Outcome(id = ".*, lost", expect = FORBIDDEN, desc = "A message was overwritten that was owed.")
@Outcome(
        id = ".*, nothing lost",
        expect = FORBIDDEN,
        desc = "A place was given to both, or to neither though it was free.")
@State
public class TwoPublishersOverwriteNothingThatIsOwed {
    private static final int CAPACITY = 2;

    private final Channel channel = new Channel(new NumberRing(CAPACITY), 0, false);
    private final LosslessCursor cursor = new LosslessCursor(channel, new Start.Now());
    private int ofA;
    private int ofB;

    public TwoPublishersOverwriteNothingThatIsOwed() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    private int offer(String event) {
        return channel.submit(event, 0) >= 0 ? 1 : 0;
    }

    @Actor
    public void publisherA() {
        ofA = offer("A") + offer("A");
    }

    @Actor
    public void receiverAndPublisherB() {
        cursor.poll();
        ofB = offer("B");
        cursor.poll();
        ofB += offer("B");
    }

    @Arbiter
    public void received(LL_Result r) {
        r.r1 = "A " + ofA + " B " + ofB;
        int published = CAPACITY + ofA + ofB;
        while (cursor.poll() instanceof NumberRing.Cell) {
            // until nothing is left
        }
        r.r2 = cursor.delivered() == published && cursor.missed() == 0 ? "nothing lost" : "lost";
    }
}
