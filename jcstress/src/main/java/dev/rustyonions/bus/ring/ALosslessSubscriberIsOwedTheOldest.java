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

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lossless receiver that subscribes to all of a full window, against a publisher that may wait
 * and has seen nobody to wait for: the receiver is owed the message with which it starts.
 */
@JCStressTest
@Outcome(
        id = "refused, from 0, 1 copied",
        expect = ACCEPTABLE,
        desc = "The publisher saw the receiver, or failed at the copy and saw it then.")
@Outcome(
        id = "published, from 1, 1 copied",
        expect = ACCEPTABLE,
        desc = "The window had moved when the receiver chose its start.")
@Outcome(
        id = "published, from 1, 2 copied",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The first copy came too late, and the receiver chose its start again.")
@Outcome(
        id = ".*, lost, .*",
        expect = FORBIDDEN,
        desc = "The message with which the receiver started was overwritten.")
@State
public class ALosslessSubscriberIsOwedTheOldest {
    private static final int CAPACITY = 2;

    private final AtomicInteger copies = new AtomicInteger();
    private final Channel channel = new Channel(new CopyingRing(), 0, false);

    private LosslessCursor cursor;

    public ALosslessSubscriberIsOwedTheOldest() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    @Actor
    public void publisher(LLL_Result r) {
        r.r1 = channel.submit("late", 0) == Ring.TIMED_OUT ? "refused" : "published";
    }

    @Actor
    public void subscriber() {
        cursor = new LosslessCursor(channel, new Start.Last(CAPACITY));
    }

    @Arbiter
    public void reader(LLL_Result r) {
        r.r2 = cursor.poll() instanceof NumberRing.Cell cell ? "from " + cell.sequence() : "lost";
        r.r3 = copies + " copied";
    }

    /** Counts how often a subscriber has copied a message. */
    private final class CopyingRing extends NumberRing {
        CopyingRing() {
            super(CAPACITY);
        }

        @Override
        protected Object copyOf(Object message) {
            copies.incrementAndGet();
            return super.copyOf(message);
        }
    }
}
