package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two publishes against a close: what was accepted is received and then the close, and what was
 * refused is not.
 */
@JCStressTest
@Outcome(id = "0, 1, 0 1 closed at 2", expect = ACCEPTABLE, desc = "Both before the close.")
@Outcome(id = "-1, -1, closed at 0", expect = ACCEPTABLE, desc = "Both after the close.")
@Outcome(
        id = "0, -1, 0 closed at 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The close took its place between the two.")
@Outcome(id = "-1, [01], .*", expect = FORBIDDEN, desc = "Accepted after a refusal.")
@Outcome(
        id = ".*",
        expect = FORBIDDEN,
        desc = "What was accepted, what was received, and what the bus says was published differ.")
@State
public class APublishIsBeforeOrAfterTheClose {
    private final Bus<String> bus = Bus.create(4);
    private final Receiver<String> rx = bus.subscribe();

    @Actor
    public void publisher(LLL_Result r) {
        r.r1 = bus.publishSequenced("first");
        r.r2 = bus.publishSequenced("second");
    }

    @Actor
    public void closer() {
        bus.close();
    }

    @Arbiter
    public void received(LLL_Result r) {
        StringBuilder received = new StringBuilder();
        Polled<String> polled = rx.tryRecv();
        while (polled instanceof Message<String> message) {
            received.append(message.sequence()).append(' ');
            polled = rx.tryRecv();
        }
        received.append(polled instanceof Closed<String> ? "closed" : polled);
        r.r3 = received + " at " + bus.stats().published();
    }
}
