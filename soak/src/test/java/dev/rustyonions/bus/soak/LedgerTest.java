package dev.rustyonions.bus.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * What a ledger finds, fed by hand. There are two publishers. Two events of the first and one of
 * the second were published before the receiver subscribed.
 */
class LedgerTest {
    private final Faults faults = new Faults();
    private Ledger ledger = ledger(false);

    private Ledger ledger(boolean lossless) {
        return new Ledger(faults, "one", lossless, new long[] {2, 1}, 5);
    }

    private List<String> found() {
        List<String> found = new ArrayList<>();
        faults.first().forEach(found::add);
        assertEquals(faults.count(), found.size());
        return found;
    }

    private void event(long sequence, int publisher, long number) {
        ledger.handle(new Message<>(sequence, new Event(publisher, number)));
    }

    @Test
    void whatIsInOrderIsNoFault() {
        event(3, 0, 2);
        event(4, 1, 1);
        event(5, 1, 2);
        ledger.lag(new Lagged<>(6, 4));
        event(10, 1, 5);
        event(11, 0, 5);
        event(12, 0, 6);
        ledger.compareAtEnd(new long[] {7, 6});

        assertEquals(List.of(), found());
        assertEquals(6, ledger.handled());
        assertEquals(4, ledger.missed());
    }

    @Test
    void aBeginningThatIsNotWithinWhatWasPublishedIsAFault() {
        event(6, 0, 2);
        assertEquals(List.of("one: began at 6, not within 3 to 5"), found());
    }

    @Test
    void aSequenceThatIsLeftOutOrComesAgainIsAFault() {
        event(3, 0, 2);
        event(5, 0, 3);
        event(5, 0, 4);
        assertEquals(List.of("one: 5 where 4 was due", "one: 5 where 6 was due"), found());
    }

    @Test
    void anEventOfAPublisherThatIsLeftOutOrComesAgainIsAFault() {
        event(3, 0, 2);
        event(4, 0, 4);
        event(5, 0, 4);
        assertEquals(
                List.of(
                        "one: event 4 of publisher 0 where 3 was due",
                        "one: event 4 of publisher 0 where 5 was due"),
                found());
    }

    @Test
    void anEventFromBeforeALagIsAFaultBehindIt() {
        event(3, 0, 2);
        ledger.lag(new Lagged<>(4, 9));
        event(13, 0, 2);
        assertEquals(List.of("one: event 2 of publisher 0 where it was past 3"), found());
    }

    /** Of all that was published before a sequence, each event is one of some publisher. */
    @Test
    void aLagThatSaysTooLittleOrTooMuchIsAFaultOnceAllPublishersAreKnown() {
        ledger.lag(new Lagged<>(3, 4));
        event(7, 0, 5);
        event(8, 1, 2);
        assertEquals(List.of(), found());
        ledger.lag(new Lagged<>(9, 2));
        event(11, 0, 7);
        event(12, 1, 4);
        assertEquals(List.of(), found());
        ledger.lag(new Lagged<>(13, 3));
        event(16, 0, 9);
        event(17, 1, 6);
        assertEquals(List.of("one: is at 18 after 17 events of all publishers"), found());
    }

    @Test
    void aLagOfNothingIsAFaultAndOfALosslessReceiverAnyLag() {
        event(3, 0, 2);
        ledger.lag(0);
        ledger = ledger(true);
        event(3, 0, 2);
        ledger.lag(new Lagged<>(4, 1));
        assertEquals(List.of("one: a lag of 0", "one: lossless, a lag of 1"), found());
    }

    @Test
    void anEndBeforeTheLastEventIsAFault() {
        event(3, 0, 2);
        event(4, 1, 1);
        ledger.compareAtEnd(new long[] {3, 3});
        assertEquals(
                List.of(
                        "one: ended at 5 where 6 were accepted",
                        "one: ended at event 2 of publisher 1, which had 3 accepted"),
                found());
    }

    @Test
    void countersOfTheReceiverThatSayOtherwiseAreAFault() {
        try (Bus<Event> bus = Bus.create(8);
                Receiver<Event> receiver = bus.subscribe()) {
            bus.publish(new Event(0, 0));
            ledger.compare(receiver);
            assertEquals(List.of(), found());
            receiver.recv();
            ledger.compare(receiver);
            assertEquals(
                    List.of("one: handled 0, missed 0, but its counters say 1 and 0"), found());
        }
    }
}
