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
 * A step that wakes the first in the queue, which then leaves without a message, as one does whose
 * time is up, against a publisher that joins behind it: the room is found all the same.
 */
@JCStressTest
@Outcome(
        id = "2, (at once|joined)",
        expect = ACCEPTABLE,
        desc = "The publisher found room, before it joined or after.")
@Outcome(
        id = "2, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The one that left woke the publisher behind it.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "The wake-up left with the one to whom it was given.")
@State
public class WhoLeavesTheQueueWakesTheNext {
    private final HeldPublisher held = new HeldPublisher();

    /** In the name of a thread that never starts. */
    private final Room.Place ahead = new Room.Place(new Thread(), 2);

    public WhoLeavesTheQueueWakesTheNext() {
        held.room.join(ahead);
    }

    @Actor
    public void publisher(LL_Result r) {
        r.r1 = held.submit();
    }

    @Actor
    public void leaver() {
        held.cursor.poll();
        held.room.leave(ahead);
    }

    @Arbiter
    public void how(LL_Result r) {
        r.r2 = held.how();
    }
}
