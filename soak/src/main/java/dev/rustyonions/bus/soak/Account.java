package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.util.Arrays;

/**
 * What the handler of one receiver was told, from its first message or lag on: every sequence follows from the one before, and each
 * publisher's events come in the order published. Kept apart from the receiver's own counters, which are compared with it.
 */
final class Account {
    private final Faults faults;
    private final String who;
    private final long earliest;
    private final long latest;
    private final long[] numbers;
    private long next = -1;
    private volatile long handled;
    private volatile long missed;

    /** An account of a receiver that subscribed from now, between the moments when so many were published. */
    Account(Faults faults, String who, int publishers, long earliest, long latest) {
        this.faults = faults;
        this.who = who;
        this.earliest = earliest;
        this.latest = latest;
        this.numbers = new long[publishers];
        Arrays.fill(numbers, -1);
    }

    long handled() {
        return handled;
    }

    long missed() {
        return missed;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void handle(Message<Event> message) {
        follow(message.sequence());
        next = message.sequence() + 1;
        handled++;
        Event event = message.event();
        faults.check(
                event.number() > numbers[event.publisher()],
                who + ": publisher " + event.publisher() + " out of order at " + event.number());
        numbers[event.publisher()] = event.number();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void lag(Lagged<Event> lagged) {
        follow(lagged.from());
        faults.check(lagged.missed() > 0, who + ": a lag of " + lagged.missed());
        next = lagged.from() + lagged.missed();
        missed += lagged.missed();
    }

    private void follow(long sequence) {
        if (next >= 0) {
            faults.check(sequence == next, who + ": " + sequence + " where " + next + " was due");
        } else {
            faults.check(
                    sequence >= earliest && sequence <= latest,
                    who + ": began at " + sequence + ", not within " + earliest + " to " + latest);
        }
    }

    /** Compares with the receiver's counters; only while no thread is inside a call of it. */
    void compare(Receiver<Event> receiver) {
        faults.check(
                receiver.delivered() == handled && receiver.missed() == missed,
                who
                        + ": handled "
                        + handled
                        + ", missed "
                        + missed
                        + ", but its counters say "
                        + receiver.delivered()
                        + " and "
                        + receiver.missed());
    }

    /** To be called when the receiver has drained a closed bus: it has been told of everything that was accepted. */
    void compareAtEnd(Bus<Event> bus, long accepted) {
        long published = bus.stats().published();
        faults.check(
                published == accepted,
                who
                        + ": the publishers had "
                        + accepted
                        + " accepted, the bus counts "
                        + published);
        faults.check(
                next == accepted || (next < 0 && accepted >= earliest && accepted <= latest),
                who + ": ended at " + next + " where " + accepted + " were accepted");
    }
}
