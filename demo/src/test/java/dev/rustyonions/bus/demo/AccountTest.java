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

/** The account over tallies fed by hand: the whole of it balances, and each fault planted shows. */
class AccountTest {
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
        Account account =
                new Account(ACCEPTED, List.of(complete().entry("a"), lagging().entry("b")));

        assertEquals(List.of(), account.imbalances());
        assertEquals(List.of(), account.absences());
        assertTrue(account.holds());
        assertEquals(
                "account: published=10 receivers=2 delivered=15 missed=5"
                        + " kinds=health:3,config:2,crash:2,shutdown:2 balanced=yes",
                account.line());
    }

    @Test
    void aMessageLeftOutIsAnImbalance() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH, HEALTH, CONFIG);
        messages(tally, 4, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);

        assertUnbalanced(tally, "receiver r: a message at sequence 4 where 3 had to come");
        assertUnbalanced(
                tally, "receiver r: delivered 9 and missed 0 do not make the 10 published");
        assertUnbalanced(tally, "receiver r: delivered 0 of kind crash, published 1");
    }

    @Test
    void aMessageDeliveredTwiceIsAnImbalanceEvenWhereTheTotalsAgree() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD);
        messages(tally, 7, LOAD);
        messages(tally, 9, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);

        assertUnbalanced(tally, "receiver r: a message at sequence 7 where 8 had to come");
    }

    @Test
    void aLagThatSaysOneTooManyIsAnImbalance() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH);
        tally.lagged(1, 6);
        messages(tally, 6, LOAD, CONFIG, CRASH, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);

        assertUnbalanced(tally, "receiver r: a message at sequence 6 where 7 had to come");
        assertUnbalanced(
                tally, "receiver r: delivered 5 and missed 6 do not make the 10 published");
    }

    @Test
    void aLagFromElsewhereIsAnImbalance() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH);
        tally.lagged(2, 5);
        messages(tally, 7, CONFIG, CRASH, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);

        assertUnbalanced(tally, "receiver r: a lag at sequence 2 where 1 had to come");
    }

    @Test
    void aLastMessageThatNeverCameIsAnImbalance() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD);
        tally.closed(Reason.BUS_CLOSED);

        assertUnbalanced(
                tally, "receiver r: delivered 9 and missed 0 do not make the 10 published");
    }

    @Test
    void aReceiverThatDidNotReachTheCloseOfTheBusIsAnImbalance() {
        Tally interrupted = new Tally();
        interrupted.closed(Reason.INTERRUPTED);

        assertUnbalanced(
                interrupted, "receiver r: ended by INTERRUPTED, not by the close of the bus");
        assertUnbalanced(new Tally(), "receiver r: ended by null, not by the close of the bus");
    }

    @Test
    void aHandlerThatFailedIsAnImbalance() {
        Tally tally = complete();
        tally.failed(new IllegalStateException("why"));

        assertUnbalanced(
                tally, "receiver r: its handler failed: java.lang.IllegalStateException: why");
    }

    @Test
    void oneReceiverOutOfBalanceIsEnough() {
        Account account =
                new Account(ACCEPTED, List.of(complete().entry("a"), new Tally().entry("b")));

        assertFalse(account.holds());
        assertTrue(account.line().endsWith(" balanced=no"), account.line());
    }

    @Test
    void theSyntheticLoadDoesNotStandInForAnyKind() {
        Tally tally = new Tally();
        messages(tally, 0, LOAD, LOAD, LOAD);
        tally.closed(Reason.BUS_CLOSED);
        Account account = new Account(Map.of(Kind.LOAD, 3L), List.of(tally.entry("r")));

        assertEquals(List.of(), account.imbalances());
        assertEquals(
                List.of("receiver r: nothing arrived of kind health, config, crash, shutdown"),
                account.absences());
        assertFalse(account.holds());
        assertEquals(
                "account: published=3 receivers=1 delivered=3 missed=0"
                        + " kinds=health:0,config:0,crash:0,shutdown:0 balanced=yes",
                account.line());
    }

    @Test
    void aKindThatReachedOnlySomeReceiversIsAbsent() {
        Tally without = new Tally();
        messages(without, 0, HEALTH, HEALTH);
        without.lagged(2, 1);
        messages(without, 3, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        without.closed(Reason.BUS_CLOSED);
        Account account = new Account(ACCEPTED, List.of(complete().entry("a"), without.entry("b")));

        assertEquals(List.of(), account.imbalances());
        assertEquals(List.of("receiver b: nothing arrived of kind config"), account.absences());
        assertFalse(account.holds());
    }

    @Test
    void anAccountOfNobodyDoesNotHold() {
        assertFalse(new Account(Map.of(), List.of()).holds());
    }

    private static Tally complete() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH, HEALTH, CONFIG, CRASH, LOAD, LOAD, LOAD, LOAD, LOAD, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);
        return tally;
    }

    private static Tally lagging() {
        Tally tally = new Tally();
        messages(tally, 0, HEALTH);
        tally.lagged(1, 5);
        messages(tally, 6, LOAD, CONFIG, CRASH, SHUTDOWN);
        tally.closed(Reason.BUS_CLOSED);
        return tally;
    }

    private static void messages(Tally tally, long from, Event... events) {
        for (int i = 0; i < events.length; i++) {
            tally.message(new Message<>(from + i, events[i]));
        }
    }

    private static void assertUnbalanced(Tally tally, String sentence) {
        Account account = new Account(ACCEPTED, List.of(tally.entry("r")));

        assertTrue(account.imbalances().contains(sentence), () -> account.imbalances().toString());
        assertFalse(account.holds());
        assertTrue(account.line().endsWith(" balanced=no"), account.line());
    }
}
