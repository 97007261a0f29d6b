package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** A receiver parked without a time limit returns once an event is published. */
@JCStressTest(Mode.Termination)
@Outcome(
        id = "TERMINATED",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The publish woke the receiver.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "The receiver stayed parked.")
@State
public class AParkedReceiverIsUnparked {
    private final Bus<String> bus = Bus.create(2);
    private final Receiver<String> rx = bus.subscribe();

    @Actor
    public void receiver() {
        rx.recv();
    }

    @Signal
    public void publisher() {
        bus.publish("event");
    }
}
