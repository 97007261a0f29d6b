package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A receiver that handles two messages by plain writes and finds nothing more, against a thread
 * that asks whether they have been handled.
 */
@JCStressTest
@Outcome(
        id = "busy, [01], busy, [01]",
        expect = ACCEPTABLE,
        desc = "Neither message was known to be handled.")
@Outcome(
        id = "busy, [01], idle, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The first was handled, as the take of the second shows, and its write is seen.")
@Outcome(
        id = "idle, 1, idle, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Both were handled, as the look at nothing shows, and both writes are seen.")
@Outcome(
        id = "idle, 0, .*|.*, idle, 0",
        expect = FORBIDDEN,
        desc = "A message counts as handled, and what its handler wrote is not seen.")
@Outcome(
        id = "idle, ., busy, .",
        expect = FORBIDDEN,
        desc = "A receiver that had handled both had not handled the first.")
@State
public class WhatAHandlerDidIsSeenByWhoSawIdle {
    private final Channel channel = new Channel(new NumberRing(4), 0, false);
    private final LosslessCursor cursor = new LosslessCursor(channel, new Start.Now());
    private int byFirst;
    private int bySecond;

    public WhatAHandlerDidIsSeenByWhoSawIdle() {
        channel.publish("first");
        channel.publish("second");
    }

    @Actor
    public void receiver() {
        cursor.poll();
        byFirst = 1;
        cursor.poll();
        bySecond = 1;
        cursor.poll();
    }

    @Actor
    public void waiter(LLLL_Result r) {
        r.r1 = idle(2);
        r.r2 = bySecond;
        r.r3 = idle(1);
        r.r4 = byFirst;
    }

    private String idle(long limit) {
        return channel.receivers().isIdle(limit) ? "idle" : "busy";
    }
}
