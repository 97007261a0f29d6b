package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * What the handler of one receiver was told, from its first message or lag on: every sequence
 * follows from the one before, and each publisher's events are numbered without a gap but for a
 * lag. Kept apart from the receiver's own counters, which are compared with it.
 */
final class Ledger {
    /*
     * A message's sequence is the number of messages before it, and those are the first so many
     * events of each publisher. So where the next event due is known of every publisher, their sum
     * is the next sequence due: that ties the sequences, and what a lag is said to have cost, to
     * what the publishers counted, for a receiver that leaves early as well. It is known of a
     * publisher from its first event after a lag on.
     */
    private final Faults faults;
    private final String who;

    /** Whether a lag is a fault: of a lossless receiver on a bus whose publishers all wait. */
    private final boolean lossless;

    private final long earliest;
    private final long latest;

    /** The next event of each publisher, or one at or before it until the publisher is known. */
    private final long[] due;

    private final boolean[] known;
    private int unknown;
    private long next = -1;
    private boolean lagging;
    private volatile long handled;
    private volatile long missed;

    /**
     * A ledger of a receiver that subscribed from now, after so many of each publisher and before
     * so many of all.
     */
    Ledger(Faults faults, String who, boolean lossless, long[] accepted, long published) {
        this.faults = faults;
        this.who = who;
        this.lossless = lossless;
        this.earliest = LongStream.of(accepted).sum();
        this.latest = published;
        this.due = accepted.clone();
        this.known = new boolean[accepted.length];
        this.unknown = accepted.length;
    }

    long handled() {
        return handled;
    }

    long missed() {
        return missed;
    }

    void handle(Message<Event> message) {
        handle(message.sequence(), message.event());
    }

    /** An event whose sequence the handler is not told; not the first one. */
    void handle(Event event) {
        handle(next, event);
    }

    void lag(Lagged<Event> lagged) {
        lag(lagged.from(), lagged.missed());
    }

    /** A lag that the handler is told the length of only; not before the first event. */
    void lag(long length) {
        lag(next, length);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void handle(long sequence, Event event) {
        follow(sequence);
        next = sequence + 1;
        lagging = false;
        handled++;
        int publisher = event.publisher();
        long number = event.number();
        long expected = due[publisher];
        due[publisher] = number + 1;
        if (known[publisher]) {
            if (number != expected) {
                fault(
                        "event "
                                + number
                                + " of publisher "
                                + publisher
                                + " where "
                                + expected
                                + " was due");
            }
        } else {
            if (number < expected) {
                fault(
                        "event "
                                + number
                                + " of publisher "
                                + publisher
                                + " where it was past "
                                + expected);
            }
            known[publisher] = true;
            unknown--;
            if (unknown == 0) {
                compareSequence();
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void lag(long from, long length) {
        follow(from);
        if (length <= 0 || lossless) {
            fault((lossless ? "lossless, " : "") + "a lag of " + length);
        }
        next = from + length;
        lagging = true;
        missed += length;
        Arrays.fill(known, false);
        unknown = known.length;
    }

    private void follow(long sequence) {
        if (next >= 0 ? sequence != next : sequence < earliest || sequence > latest) {
            fault(
                    next >= 0
                            ? sequence + " where " + next + " was due"
                            : "began at "
                                    + sequence
                                    + ", not within "
                                    + earliest
                                    + " to "
                                    + latest);
        }
    }

    private void compareSequence() {
        long events = LongStream.of(due).sum();
        if (events != next) {
            fault("is at " + next + " after " + events + " events of all publishers");
        }
    }

    /** Compares with the receiver's counters; only while no thread is inside a call of it. */
    void compare(Receiver<Event> receiver) {
        if (receiver.delivered() != handled || receiver.missed() != missed) {
            fault(
                    "handled "
                            + handled
                            + ", missed "
                            + missed
                            + ", but its counters say "
                            + receiver.delivered()
                            + " and "
                            + receiver.missed());
        }
        if (unknown == 0) {
            compareSequence();
        }
    }

    /**
     * To be called when the receiver has drained a closed bus: it has been told of everything that
     * was accepted.
     */
    void compareAtEnd(long[] accepted) {
        long all = LongStream.of(accepted).sum();
        if (next >= 0 ? next != all : all < earliest || all > latest) {
            fault("ended at " + next + " where " + all + " were accepted");
        }
        for (int i = 0; i < accepted.length; i++) {
            if (known[i] ? due[i] != accepted[i] : due[i] > accepted[i]) {
                fault(
                        "ended at event "
                                + due[i]
                                + " of publisher "
                                + i
                                + ", which had "
                                + accepted[i]
                                + " accepted");
            }
        }
    }

    /**
     * The least a receiver that ended here can have missed if the window began there or later: what
     * it was told, and what it was not told of and found no more.
     */
    long missedAtLeast(long windowStart) {
        return missed + Math.max(0, windowStart - (next < 0 ? latest : position()));
    }

    /** The most a receiver that ended here can have missed if the window began there or earlier. */
    long missedAtMost(long windowStart) {
        return missed + Math.max(0, windowStart - (next < 0 ? earliest : position()));
    }

    /** The message a lag ends at is kept for the receiver, so it is lost no more. */
    private long position() {
        return lagging ? next + 1 : next;
    }

    private void fault(String what) {
        faults.found(who + ": " + what);
    }
}
