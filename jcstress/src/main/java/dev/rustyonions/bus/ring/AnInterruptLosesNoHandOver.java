package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A receiver that is interrupted against a publish that hands it the wake-up of another: both are
 * woken in any case.
 */
@JCStressTest
@Outcome(
        id = "(left|handed over), woken",
        expect = ACCEPTABLE,
        desc = "The other was woken, by the publisher or by the receiver.")
@Outcome(
        id = "handed over and interrupted, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver, interrupted, was handed the wake-up and passed it on.")
@Outcome(id = "late, .*", expect = FORBIDDEN, desc = "The receiver was woken by its timeout alone.")
@Outcome(
        id = ".*, stranded",
        expect = FORBIDDEN,
        desc = "The other was not woken: its wake-up left with the receiver.")
@State
public class AnInterruptLosesNoHandOver {
    /** Longer than a machine stops for, and still an end for a receiver that nobody wakes. */
    private static final long LONG = 20_000_000_000L;

    private final Channel channel = new Channel(new NumberRing(2), 0, false);
    private final WaitStack stack = channel.wakeUps().stackFor(Thread.currentThread());
    private final WaitingCursor cursor = new WaitingCursor(channel);
    private final StandIn other = new StandIn(stack);

    private volatile @Nullable Thread receiver;
    private volatile boolean published;
    private boolean interrupted;
    private boolean late;

    @Actor
    public void receiver() {
        receiver = Thread.currentThread();
        long began = System.nanoTime();
        cursor.await(LONG);
        late = System.nanoTime() - began >= LONG;
        interrupted = Thread.currentThread().isInterrupted();
        // The interrupt is of this receiver, not of what its thread runs next.
        while (!published) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    @Actor
    public void publisher() {
        Thread thread = receiver;
        if (thread != null) {
            thread.interrupt();
        }
        channel.publish("event");
        published = true;
    }

    @Arbiter
    public void woken(LL_Result r) {
        boolean handedOver = stack.woken() == 2;
        r.r1 =
                late
                        ? "late"
                        : !handedOver
                                ? "left"
                                : interrupted ? "handed over and interrupted" : "handed over";
        r.r2 = other.isWoken() ? "woken" : "stranded";
    }
}
