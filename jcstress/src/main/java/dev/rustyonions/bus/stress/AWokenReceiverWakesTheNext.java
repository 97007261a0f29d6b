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

import java.util.ArrayList;
import java.util.List;

/**
 * Of several parked receivers a single publish wakes all: the publisher the first, and that one the
 * others.
 */
@JCStressTest(Mode.Termination)
@Outcome(
        id = "TERMINATED",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Every receiver was woken by one publish.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "A hand-over was lost: a receiver stayed parked.")
@State
public class AWokenReceiverWakesTheNext {
    private final Bus<String> bus = Bus.create(2);
    private final List<Receiver<String>> receivers = new ArrayList<>();

    public AWokenReceiverWakesTheNext() {
        for (int i = 0; i < 4; i++) {
            receivers.add(bus.subscribe());
        }
    }

    @Actor
    public void receiver() throws InterruptedException {
        List<Thread> others = new ArrayList<>();
        for (Receiver<String> rx : receivers.subList(1, receivers.size())) {
            others.add(Thread.ofPlatform().daemon().start(rx::recv));
        }
        receivers.getFirst().recv();
        for (Thread other : others) {
            other.join();
        }
    }

    @Signal
    public void publisher() {
        bus.publish("event");
    }
}
