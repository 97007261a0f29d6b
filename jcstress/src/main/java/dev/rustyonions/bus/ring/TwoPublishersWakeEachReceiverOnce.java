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

/** Two publishers that find the same receivers parked: each receiver is woken, and none twice. */
@JCStressTest
@Outcome(
        id = "(true, false|false, true), 3 woken of 3",
        expect = ACCEPTABLE,
        desc = "One publisher came when the other had detached the stack.")
@Outcome(
        id = "true, true, 3 woken of 3",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Both saw the stack, and one of them detached it.")
@Outcome(
        id = ".*, [012] woken of .*|.*, . woken of [012]",
        expect = FORBIDDEN,
        desc = "A receiver was not woken.")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "A receiver was woken twice.")
@State
public class TwoPublishersWakeEachReceiverOnce {
    private final Channel channel = new Channel(new NumberRing(4), 0, false);
    private final WaitStack stack = channel.wakeUps().stackFor(Thread.currentThread());
    private final StandIn[] parked = {
        new StandIn(stack), new StandIn(stack), new StandIn(stack),
    };

    @Actor
    public void publisherA(LLL_Result r) {
        r.r1 = stack.top != null;
        channel.publish("A");
    }

    @Actor
    public void publisherB(LLL_Result r) {
        r.r2 = stack.top != null;
        channel.publish("B");
    }

    @Arbiter
    public void woken(LLL_Result r) {
        parked[2].serve();
        int woken = 0;
        for (StandIn standIn : parked) {
            if (standIn.isWoken()) {
                woken++;
            }
        }
        r.r3 = stack.woken() + " woken of " + woken;
    }
}
