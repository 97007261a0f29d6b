package dev.rustyonions.bus.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

import java.util.HashMap;
import java.util.Map;

/**
 * Two publishers of three events each: the sequences are 0 to 5, each event stands at the sequence
 * its publisher was told, and those of one publisher are in the order in which it published them.
 */
@JCStressTest
@Outcome(
        id = "AAABBB|BBBAAA",
        expect = ACCEPTABLE,
        desc = "One publisher was done before the other began.")
@Outcome(
        id = "[AB]{6}",
        expect = ACCEPTABLE_INTERESTING,
        desc = "The publishers took turns, and nothing was lost.")
@Outcome(id = "lost", expect = FORBIDDEN, desc = "A published event was not received.")
@Outcome(id = "gap", expect = FORBIDDEN, desc = "The sequences received are not dense.")
@Outcome(
        id = "moved",
        expect = FORBIDDEN,
        desc = "An event does not stand at the sequence that its publish returned.")
@Outcome(
        id = "overtaken",
        expect = FORBIDDEN,
        desc = "An event stands before one that the same publisher published before it.")
@State
public class TwoPublishersLoseNothing {
    private static final int EACH = 3;

    private final Bus<Claim> bus = Bus.create(8);
    private final Receiver<Claim> rx = bus.subscribe();

    @Actor
    public void publisherA() {
        publish("A");
    }

    @Actor
    public void publisherB() {
        publish("B");
    }

    @Arbiter
    public void received(L_Result r) {
        StringBuilder order = new StringBuilder();
        Map<String, Integer> due = new HashMap<>();
        for (int sequence = 0; sequence < 2 * EACH; sequence++) {
            if (!(rx.tryRecv() instanceof Message<Claim> message)) {
                r.r1 = "lost";
                return;
            }
            if (message.sequence() != sequence) {
                r.r1 = "gap";
                return;
            }
            if (message.event().sequence != sequence) {
                r.r1 = "moved";
                return;
            }
            String publisher = message.event().publisher;
            if (message.event().number != due.getOrDefault(publisher, 0)) {
                r.r1 = "overtaken";
                return;
            }
            due.put(publisher, message.event().number + 1);
            order.append(publisher);
        }
        r.r1 = order.toString();
    }

    private void publish(String publisher) {
        for (int i = 0; i < EACH; i++) {
            Claim claim = new Claim(publisher, i);
            claim.sequence = bus.publishSequenced(claim);
        }
    }

    /** An event that notes the sequence it was given. */
    static final class Claim {
        final String publisher;
        final int number;
        long sequence;

        Claim(String publisher, int number) {
            this.publisher = publisher;
            this.number = number;
        }
    }
}
