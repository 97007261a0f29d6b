package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A publish against a subscribe from now: who is given the message was counted by the publish. */
@JCStressTest
@Outcome(id = "0, nothing", expect = ACCEPTABLE, desc = "The publish came first.")
@Outcome(id = "1, message", expect = ACCEPTABLE, desc = "The subscribe came first.")
@Outcome(
        id = "1, nothing",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The receiver was counted before it had found where to begin.")
@Outcome(
        id = "0, message",
        expect = FORBIDDEN,
        desc = "A receiver was given a message whose publisher was told that nobody is there.")
@State
public class APublishThatReachesAReceiverCountsIt {
    private final Bus<String> bus = Bus.create(2);

    private @Nullable Receiver<String> rx;

    @Actor
    public void publisher(LL_Result r) {
        r.r1 = bus.publish("event");
    }

    @Actor
    public void subscriber() {
        rx = bus.subscribe();
    }

    @Arbiter
    public void received(LL_Result r) {
        r.r2 = rx != null && rx.tryRecv() instanceof Message<String> ? "message" : "nothing";
    }
}
