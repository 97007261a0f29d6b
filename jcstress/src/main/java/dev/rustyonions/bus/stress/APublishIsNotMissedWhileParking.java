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
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

import java.time.Duration;

/**
 * A publish in the narrow window between a receiver's looking again and its parking: one of the two
 * sees the other.
 */
@JCStressTest
@Outcome(
        id = "message, not woken",
        expect = ACCEPTABLE,
        desc = "The receiver found the message before it parked.")
@Outcome(
        id = "message, woken",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The publisher found the receiver armed.")
@Outcome(
        id = "timed out, .*",
        expect = FORBIDDEN,
        desc = "The receiver did not see the message and the publisher did not see the receiver.")
@State
public class APublishIsNotMissedWhileParking {
    /**
     * Long enough not to be mistaken for a thread that was not scheduled, when a wake-up is lost.
     */
    private static final Duration LONG = Duration.ofSeconds(2);

    private final Bus<String> bus = Bus.create(2);
    private final Receiver<String> rx = bus.subscribe();

    @Actor
    public void receiver(LL_Result r) {
        // A message that is found at the end of the time was missed all the same.
        long began = System.nanoTime();
        String received =
                switch (rx.recvTimeout(LONG)) {
                    case Message<String> message -> "message";
                    case Empty<String> empty -> "timed out";
                    case Lagged<String> lagged -> "lagged";
                    case Closed<String> closed -> "closed";
                };
        r.r1 = System.nanoTime() - began < LONG.toNanos() ? received : "timed out";
    }

    @Actor
    public void publisher() {
        bus.publish("event");
    }

    @Arbiter
    public void woken(LL_Result r) {
        r.r2 = bus.stats().wakeups() > 0 ? "woken" : "not woken";
    }
}
