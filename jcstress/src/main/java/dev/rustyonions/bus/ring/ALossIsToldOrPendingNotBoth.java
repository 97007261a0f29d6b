package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A receiver that lags, against a walk that adds what it was told to what it has pending. */
@JCStressTest
@Outcome(id = "0, 10", expect = ACCEPTABLE, desc = "The walk came first: the loss is pending.")
@Outcome(id = "10, 0", expect = ACCEPTABLE, desc = "The walk came last: the loss has been told.")
@Outcome(
        id = "0, 0",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The loss was in transit, and is left out for a moment.")
@Outcome(id = "10, 10", expect = FORBIDDEN, desc = "The loss counts twice.")
@State
public class ALossIsToldOrPendingNotBoth {
    private final Account account = new Account(null, 0, 0, 0, null);

    @Actor
    public void receiver() {
        account.skip(0, 10);
        account.countMissed(0, 10);
    }

    @Actor
    public void walker(JJ_Result r) {
        r.r1 = account.missedSince();
        r.r2 = account.pending(10);
    }
}
