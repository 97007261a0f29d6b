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

/**
 * A publisher laps a reader three times over in the smallest ring: what the reader is given is
 * whole, in its place, and the rest is counted.
 */
@JCStressTest
@Outcome(id = "whole, accounted", expect = ACCEPTABLE, desc = "No overwrite was met.")
@Outcome(
        id = "whole after a lag, accounted",
        expect = ACCEPTABLE_INTERESTING,
        desc =
                "The publisher overwrote what the reader was to read,"
                        + " and the reader was told how many.")
@Outcome(
        id = "late.*",
        expect = FORBIDDEN,
        desc = "A lag lost a message that was still in the window.")
@Outcome(
        id = "torn.*",
        expect = FORBIDDEN,
        desc = "The two halves of an event come from different events.")
@Outcome(id = "stale.*", expect = FORBIDDEN, desc = "A message was not the one at the cursor.")
@Outcome(
        id = "miscounted.*|.*unaccounted",
        expect = FORBIDDEN,
        desc = "Messages and lags do not add up to what was published.")
@State
public class OverwrittenMessagesAreWholeAndCurrent {
    private static final int CAPACITY = 2;
    private static final int PUBLISHED = 6;

    private final Bus<Halves> bus =
            Bus.builder().capacity(CAPACITY).overflowWarnPerMinute(0).build();
    private final Receiver<Halves> rx = bus.subscribe();

    private long cursor;
    private String verdict = "whole";

    @Actor
    public void publisher() {
        for (int n = 0; n < PUBLISHED; n++) {
            bus.publish(new Halves(n));
        }
    }

    @Actor
    public void reader() {
        for (int i = 0; i < PUBLISHED; i++) {
            receive();
        }
    }

    @Arbiter
    public void account(LL_Result r) {
        // Nobody publishes any more: a receiver that lags now goes on from the oldest message there
        // is.
        boolean behind = cursor < PUBLISHED - CAPACITY;
        while (receive()) {
            if (behind && cursor > PUBLISHED - CAPACITY) {
                verdict = "late";
            }
            behind = false;
        }
        r.r1 = verdict;
        r.r2 = cursor == PUBLISHED ? "accounted" : "unaccounted";
    }

    private boolean receive() {
        switch (rx.tryRecv()) {
            case Message<Halves> message -> {
                if (message.event().left != ~message.event().right) {
                    verdict = "torn";
                } else if (message.sequence() != cursor || message.event().left != cursor) {
                    verdict = "stale";
                }
                cursor++;
            }
            case Lagged<Halves> lagged -> {
                if (lagged.from() != cursor || lagged.missed() < 1) {
                    verdict = "miscounted";
                } else if (verdict.equals("whole")) {
                    verdict = "whole after a lag";
                }
                cursor += lagged.missed();
            }
            case Closed<Halves> closed -> verdict = "closed";
            case Empty<Halves> empty -> {
                return false;
            }
        }
        return true;
    }

    /** An event of two plain fields that belong together. */
    static final class Halves {
        long left;
        long right;

        Halves(long number) {
            left = number;
            right = ~number;
        }
    }
}
