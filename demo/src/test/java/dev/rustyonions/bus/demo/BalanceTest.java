package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** The balance over ledgers fed by hand: the whole of it balances, and each fault planted shows. */
class BalanceTest {
    private static final Event HEALTH = new Event.Health("jvm.cpu", true);
    private static final Event CONFIG = new Event.ConfigUpdated(1);
    private static final Event CRASH = new Event.ServiceCrashed("worker", "why");
    private static final Event SHUTDOWN = new Event.Shutdown();
    private static final Event LOAD = new Event.Health(Kind.LOAD_SERVICE, true);

    private static final Map<Kind, Long> ACCEPTED =
            Map.of(
                    Kind.HEALTH,
                    2L,
                    Kind.CONFIG,
                    1L,
                    Kind.CRASH,
                    1L,
                    Kind.SHUTDOWN,
                    1L,
                    Kind.LOAD,
                    5L);

    @Test
    void aReceiverThatHadEverythingAndOneThatWasToldOfEachLossBalance() {
        Balance balance =
                new Balance(ACCEPTED, List.of(complete().entry("a"), lagging().entry("b")));

        assertEquals(List.of(), balance.imbalances());
        assertEquals(List.of(), balance.absences());
        assertTrue(balance.holds(false));
        assertEquals(
                "account: published=10 receivers=2 delivered=15 missed=5"
                        + " kinds=health:3,config:2,crash:2,shutdown:2 balanced=yes",
                balance.line());
    }

    @Test
    void aMessageLeftOutIsAnImbalance() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH, HEALTH, CONFIG);
        messages(ledger, 4, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);

        assertUnbalanced(ledger, "receiver r: a message at sequence 4 where 3 had to come");
        assertUnbalanced(
                ledger, "receiver r: delivered 9 and missed 0 do not make the 10 published");
        assertUnbalanced(ledger, "receiver r: delivered 0 of kind crash, published 1");
    }

    @Test
    void aMessageDeliveredTwiceIsAnImbalanceEvenWhereTheTotalsAgree() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD);
        messages(ledger, 7, LOAD);
        messages(ledger, 9, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);

        assertUnbalanced(ledger, "receiver r: a message at sequence 7 where 8 had to come");
    }

    @Test
    void aLagThatSaysOneTooManyIsAnImbalance() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH);
        ledger.lagged(1, 6);
        messages(ledger, 6, LOAD, CONFIG, CRASH, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);

        assertUnbalanced(ledger, "receiver r: a message at sequence 6 where 7 had to come");
        assertUnbalanced(
                ledger, "receiver r: delivered 5 and missed 6 do not make the 10 published");
    }

    @Test
    void aLagFromElsewhereIsAnImbalance() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH);
        ledger.lagged(2, 5);
        messages(ledger, 7, CONFIG, CRASH, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);

        assertUnbalanced(ledger, "receiver r: a lag at sequence 2 where 1 had to come");
    }

    @Test
    void aLastMessageThatNeverCameIsAnImbalance() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD);
        ledger.closed(Reason.BUS_CLOSED);

        assertUnbalanced(
                ledger, "receiver r: delivered 9 and missed 0 do not make the 10 published");
    }

    @Test
    void aReceiverThatDidNotReachTheCloseOfTheBusIsAnImbalance() {
        Ledger interrupted = new Ledger();
        interrupted.closed(Reason.INTERRUPTED);

        assertUnbalanced(
                interrupted, "receiver r: ended by INTERRUPTED, not by the close of the bus");
        assertUnbalanced(new Ledger(), "receiver r: ended by null, not by the close of the bus");
    }

    @Test
    void aHandlerThatFailedIsAnImbalance() {
        Ledger ledger = complete();
        ledger.failed(new IllegalStateException("why"));

        assertUnbalanced(
                ledger, "receiver r: its handler failed: java.lang.IllegalStateException: why");
    }

    @Test
    void oneReceiverOutOfBalanceIsEnough() {
        Balance balance =
                new Balance(ACCEPTED, List.of(complete().entry("a"), new Ledger().entry("b")));

        assertFalse(balance.holds(false));
        assertTrue(balance.line().endsWith(" balanced=no"), balance.line());
    }

    @Test
    void theSyntheticLoadDoesNotStandInForAnyKind() {
        Balance balance = onlyLoad();

        assertEquals(List.of(), balance.imbalances());
        assertEquals(
                List.of("receiver r: nothing arrived of kind health, config, crash, shutdown"),
                balance.absences());
        assertFalse(balance.holds(false));
        assertEquals(
                "account: published=3 receivers=1 delivered=3 missed=0"
                        + " kinds=health:0,config:0,crash:0,shutdown:0 balanced=yes",
                balance.line());
    }

    @Test
    void aKindThatReachedOnlySomeReceiversIsAbsent() {
        Ledger without = new Ledger();
        messages(without, 0, HEALTH, HEALTH);
        without.lagged(2, 1);
        messages(without, 3, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        without.closed(Reason.BUS_CLOSED);
        Balance balance = new Balance(ACCEPTED, List.of(complete().entry("a"), without.entry("b")));

        assertEquals(List.of(), balance.imbalances());
        assertEquals(List.of("receiver b: nothing arrived of kind config"), balance.absences());
        assertFalse(balance.holds(false));
    }

    @Test
    void aKindMayBeAbsentWhereTheUserEndedTheRun() {
        assertTrue(onlyLoad().holds(true));
    }

    @Test
    void anAccountOfNobodyDoesNotBalance() {
        Balance balance = new Balance(Map.of(), List.of());

        assertFalse(balance.holds(false));
        assertFalse(balance.holds(true));
        assertTrue(balance.line().endsWith(" balanced=no"), balance.line());
    }

    private static Balance onlyLoad() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, LOAD, LOAD, LOAD);
        ledger.closed(Reason.BUS_CLOSED);
        return new Balance(Map.of(Kind.LOAD, 3L), List.of(ledger.entry("r")));
    }

    private static Ledger complete() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);
        return ledger;
    }

    private static Ledger lagging() {
        Ledger ledger = new Ledger();
        messages(ledger, 0, HEALTH);
        ledger.lagged(1, 5);
        messages(ledger, 6, LOAD, CONFIG, CRASH, SHUTDOWN);
        ledger.closed(Reason.BUS_CLOSED);
        return ledger;
    }

    private static void messages(Ledger ledger, long from, Event... events) {
        for (int i = 0; i < events.length; i++) {
            ledger.message(new Message<>(from + i, events[i]));
        }
    }

    private static void assertUnbalanced(Ledger ledger, String sentence) {
        Balance balance = new Balance(ACCEPTED, List.of(ledger.entry("r")));

        assertTrue(balance.imbalances().contains(sentence), () -> balance.imbalances().toString());
        assertFalse(balance.holds(false));
        assertFalse(balance.holds(true));
        assertTrue(balance.line().endsWith(" balanced=no"), balance.line());
    }
}
