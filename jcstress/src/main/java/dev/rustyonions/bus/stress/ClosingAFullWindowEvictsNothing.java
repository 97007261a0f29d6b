package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A reader of a full window against the close, whose terminal cell stands in the slot of the oldest
 * message.
 */
@JCStressTest
@Outcome(
        id = "message 0, message 1, empty",
        expect = ACCEPTABLE,
        desc = "The window was read before the close.")
@Outcome(
        id = "message 0, message 1, closed",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The bus was closed while the window was read, and all of it was read.")
@Outcome(id = ".*lagged.*", expect = FORBIDDEN, desc = "The close evicted a message.")
@Outcome(
        id = "closed.*|.*, closed, closed",
        expect = FORBIDDEN,
        desc = "The close came before a message published before it.")
@State
public class ClosingAFullWindowEvictsNothing {
    private final Bus<String> bus = Bus.create(2);
    private final Receiver<String> rx = bus.subscribe();

    public ClosingAFullWindowEvictsNothing() {
        bus.publish("first");
        bus.publish("second");
    }

    @Actor
    public void reader(LLL_Result r) {
        r.r1 = receive();
        r.r2 = receive();
        r.r3 = receive();
    }

    @Actor
    public void closer() {
        bus.close();
    }

    private String receive() {
        return switch (rx.tryRecv()) {
            case Message<String> message -> "message " + message.sequence();
            case Lagged<String> lagged -> "lagged by " + lagged.missed();
            case Closed<String> closed -> "closed";
            case Empty<String> empty -> "empty";
        };
    }
}
