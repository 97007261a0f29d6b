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
 * A receiver whose time is up against a publish that hands it the wake-up of another: the other is
 * woken in any case.
 */
@JCStressTest
@Outcome(
        id = "(in time|left), woken",
        expect = ACCEPTABLE,
        desc = "The other was woken by the publisher, or by the receiver in time.")
@Outcome(
        id = "handed over at the timeout, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver, its time up, was handed the wake-up and passed it on.")
@Outcome(
        id = ".*, stranded",
        expect = FORBIDDEN,
        desc = "The other was not woken: its wake-up left with the receiver.")
@State
public class ATimeoutLosesNoHandOver {
    private static final long SHORT = 20_000;

    private final Channel channel = new Channel(new NumberRing(2), 0, false);
    private final WaitStack stack = channel.wakeUps().stackFor(Thread.currentThread());
    private final WaitingCursor cursor = new WaitingCursor(channel);
    private final StandIn other = new StandIn(stack);

    private boolean timeWasUp;

    @Actor
    public void receiver() {
        long began = System.nanoTime();
        cursor.await(SHORT);
        timeWasUp = System.nanoTime() - began >= SHORT;
    }

    @Actor
    public void publisher() {
        channel.publish("event");
    }

    @Arbiter
    public void woken(LL_Result r) {
        boolean handedOver = stack.woken() == 2;
        r.r1 = !handedOver ? "left" : timeWasUp ? "handed over at the timeout" : "in time";
        r.r2 = other.isWoken() ? "woken" : "stranded";
    }
}
