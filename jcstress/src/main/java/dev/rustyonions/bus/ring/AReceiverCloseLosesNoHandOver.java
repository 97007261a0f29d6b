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
 * A receiver closed while it waits against a publish that hands it the wake-up of another: both
 * return in any case.
 */
@JCStressTest
@Outcome(
        id = "(left|handed over), woken",
        expect = ACCEPTABLE,
        desc = "The other was woken, by the publisher or by the receiver.")
@Outcome(
        id = "handed over and closed, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver, closed, was handed the wake-up and passed it on.")
@Outcome(
        id = ".*, stranded",
        expect = FORBIDDEN,
        desc = "The other was not woken: its wake-up left with the receiver.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "Neither the close nor the publish woke the receiver.")
@State
public class AReceiverCloseLosesNoHandOver {
    private static final long LONG = 2_000_000_000;

    private final Channel channel = new Channel(new NumberRing(2), 0, false);
    private final WaitStack stack = channel.wakeUps().stackFor(Thread.currentThread());
    private final WaitingCursor cursor = new WaitingCursor(channel);
    private final StandIn other = new StandIn(stack);

    private boolean timedOut;
    private boolean closed;

    @Actor
    public void receiver() {
        long began = System.nanoTime();
        cursor.await(LONG);
        timedOut = System.nanoTime() - began >= LONG;
        closed = cursor.peek() == NoMessage.RECEIVER_CLOSED;
    }

    @Actor
    public void publisher() {
        cursor.unsubscribe();
        channel.publish("event");
    }

    @Arbiter
    public void woken(LL_Result r) {
        boolean handedOver = stack.woken() == 2;
        r.r1 =
                timedOut
                        ? "timed out"
                        : !handedOver ? "left" : closed ? "handed over and closed" : "handed over";
        r.r2 = other.isWoken() ? "woken" : "stranded";
    }
}
