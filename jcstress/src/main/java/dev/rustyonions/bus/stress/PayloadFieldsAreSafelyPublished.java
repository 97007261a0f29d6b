package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A payload without a final or volatile field: who receives it sees what was written to it, and
 * around it, before the publish.
 */
@JCStressTest
@Outcome(id = "nothing, 0, 0", expect = ACCEPTABLE, desc = "Received before the publish.")
@Outcome(
        id = "message 0, 1, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The message came with all that was written before it.")
@Outcome(
        id = "message .*",
        expect = FORBIDDEN,
        desc =
                "A field of the message, of the event, or one written before the publish"
                        + " was seen unwritten.")
@State
public class PayloadFieldsAreSafelyPublished {
    private final Bus<Payload> bus = Bus.create(2);
    private final Receiver<Payload> rx = bus.subscribe();

    private int before;

    @Actor
    public void publisher() {
        Payload payload = new Payload();
        before = 1;
        payload.value = 1;
        bus.publish(payload);
    }

    @Actor
    public void reader(LLL_Result r) {
        r.r1 = "nothing";
        r.r2 = 0;
        r.r3 = 0;
        if (rx.tryRecv() instanceof Message<Payload> message) {
            r.r1 = "message " + message.sequence();
            r.r2 = message.event().value;
            r.r3 = before;
        }
    }

    /** One plain field, written after construction. */
    static final class Payload {
        int value;
    }
}
