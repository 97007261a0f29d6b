package dev.rustyonions.bus.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A receiver that takes a message and then lags, against the end of its account: the loss is
 * either's, not both's.
 */
@JCStressTest
@Outcome(
        id = "told, 0",
        expect = ACCEPTABLE,
        desc = "The receiver was told of the loss; nothing was pending at the end.")
@Outcome(
        id = "ended, 10",
        expect = ACCEPTABLE,
        desc = "The account ended before the message was taken.")
@Outcome(
        id = "ended, 9",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The account ended between the message and the lag.")
@Outcome(id = "told, (9|10)", expect = FORBIDDEN, desc = "The loss counts twice.")
@State
public class ALossIsCountedOnce {
    private final Account account = new Account(null, 0, 0, 0, null);

    @Actor
    public void receiver(LL_Result r) {
        account.deliver(1, 1);
        r.r1 = account.skip(1, 10) ? "told" : "ended";
    }

    @Actor
    public void closer(LL_Result r) {
        r.r2 = account.tryEnd(NoMessage.RECEIVER_CLOSED) ? account.settle(10) : -1;
    }
}
