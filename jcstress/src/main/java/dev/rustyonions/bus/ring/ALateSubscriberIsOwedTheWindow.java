package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A close with amnesia, which looks for the receiver furthest behind, against a subscription to all
 * that is retained, made while an older receiver still has everything before it, and that one's
 * end.
 */
@JCStressTest
@Outcome(
        id = "0, 0",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Nobody had read anything when it subscribed, and it is given everything.")
@Outcome(
        id = ".*",
        expect = FORBIDDEN,
        desc = "What the new receiver was to read has been dropped.")
@State
public class ALateSubscriberIsOwedTheWindow {
    private static final int CAPACITY = 2;

    private final Channel channel = new Channel(new NumberRing(CAPACITY), 0, true);
    private final Cursor old = new WaitingCursor(channel);

    /**
     * Have read everything, and lengthen the closer's way to the old one, which is the last it
     * looks at.
     */
    private final Cursor[] between = new Cursor[100];

    private Cursor late;

    public ALateSubscriberIsOwedTheWindow() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
        for (int i = 0; i < between.length; i++) {
            between[i] = new WaitingCursor(channel);
        }
    }

    @Actor
    public void closer() {
        channel.close();
    }

    @Actor
    public void subscriber() {
        late = new Cursor(channel, new Start.Last(CAPACITY), false, null) {};
        old.unsubscribe();
    }

    @Arbiter
    public void reader(LL_Result r) {
        r.r1 = late.peek() instanceof NumberRing.Cell cell ? cell.sequence() : -1;
        r.r2 = late.missed();
    }
}
