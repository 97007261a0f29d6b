package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.nats.OriginAccount.Decoded;
import dev.rustyonions.bus.nats.OriginAccount.Undecoded;
import dev.rustyonions.bus.nats.OriginAccount.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The account of one origin, fed by hand. */
class OriginAccountTest {
    private static final long HEARTBEAT_MILLIS = 1_000;

    private final List<Remote<String>> told = new ArrayList<>();
    private long dropped;

    private final OriginAccount<String> account =
            OriginAccount.live("shop", told::add, gap -> Math.min(gap, dropped));

    @Test
    void whatWasBeforeTheFirstMessageIsNoLoss() {
        event("run", 17);
        event("run", 18);
        assertThat(told).containsExactly(arrived(17), arrived(18));
    }

    @Test
    void aGapIsSharedByTheCausesThatTheExportNamesTheClientsDropsAndTheWayInThatOrder() {
        event("run", 0);
        dropped = 2;
        take(new Note(Note.Kind.EVENT, "run", 10, HEARTBEAT_MILLIS, new long[] {3, 0, 0, 1, 0}));
        assertThat(told)
                .containsExactly(
                        arrived(0),
                        lost(1, 3, Cause.LAGGED),
                        lost(4, 1, Cause.TOO_LARGE),
                        lost(5, 2, Cause.SLOW_CONSUMER),
                        lost(7, 3, Cause.ON_THE_WAY),
                        arrived(10));
    }

    /** The client counts messages, here of 10 and of 30 events. */
    @Test
    void whatTheClientHasDroppedOfMessagesOfSeveralEventsIsAllOfTheirEvents() {
        take(several(0, 10, 1));
        dropped = 1;
        take(several(20, 30, 3));
        dropped = 1;
        take(several(110, 10, 6)); // two messages of 60 events in all are missing
        dropped = 5;
        take(new Note(Note.Kind.HEARTBEAT, "run", 150, HEARTBEAT_MILLIS, new long[5], 1, 8, 0));
        assertThat(told.stream().filter(Remote.Lost.class::isInstance))
                .containsExactly(
                        lost(10, 10, Cause.SLOW_CONSUMER),
                        lost(50, 30, Cause.SLOW_CONSUMER),
                        lost(80, 30, Cause.ON_THE_WAY),
                        lost(120, 30, Cause.SLOW_CONSUMER));
        assertThat(account.stats().arrived()).isEqualTo(50);
    }

    private static Note several(long number, int events, long message) {
        return new Note(
                Note.Kind.EVENT, "run", number, HEARTBEAT_MILLIS, new long[5], events, message, 0);
    }

    @Test
    void aHeartbeatTellsTheGapAtTheTailAndAFarewellThatNothingMoreComes() {
        event("run", 0);
        note(Note.Kind.HEARTBEAT, "run", 3);
        note(Note.Kind.HEARTBEAT, "run", 3);
        note(Note.Kind.FAREWELL, "run", 5);
        assertThat(told)
                .containsExactly(
                        arrived(0),
                        lost(1, 2, Cause.ON_THE_WAY),
                        lost(3, 2, Cause.ON_THE_WAY),
                        new Remote.Silent<>("shop", true));
    }

    @Test
    void aNumberThatHasBeenToldIsDroppedWhateverComesAgain() {
        event("run", 0);
        event("run", 3);
        for (long number = 0; number <= 3; number++) {
            assertThat(event("run", number)).isEqualTo(Verdict.DUPLICATE);
        }
        assertThat(note(Note.Kind.HEARTBEAT, "run", 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(told).containsExactly(arrived(0), lost(1, 2, Cause.ON_THE_WAY), arrived(3));
        assertThat(account.stats().duplicates()).isEqualTo(5);
    }

    @Test
    void anotherRunBeginsAtZeroAndWhatComesOfTheOneBeforeIsDropped() {
        event("one", 5);
        event("two", 0);
        assertThat(event("one", 6)).isEqualTo(Verdict.STALE);
        event("three", 2);
        assertThat(event("two", 1)).isEqualTo(Verdict.STALE);
        assertThat(told)
                .containsExactly(
                        arrived(5),
                        new Remote.Restarted<>("shop"),
                        arrived(0),
                        new Remote.Restarted<>("shop"),
                        lost(0, 2, Cause.ON_THE_WAY),
                        arrived(2));
        assertThat(account.stats().stale()).isEqualTo(2);
    }

    @Test
    void aRunThatWasLeftAndGoesOnWhileTheOtherSaysNothingIsTakenUpWhereItWasLeft() {
        takeAt(event("there", 7, 0), 0);
        takeAt(event("late", 3, 0), 0); // of a run that had ended: this import came too late for it
        long heartbeat = TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        for (int i = 0; i <= 3; i++) {
            assertThat(takeAt(event("there", 8 + i, 0), 10 + i * heartbeat))
                    .isEqualTo(Verdict.STALE);
        }
        assertThat(takeAt(event("there", 12, 1), 11 + 3 * heartbeat)).isEqualTo(Verdict.NEWS);
        assertThat(takeAt(event("late", 4, 0), 12 + 3 * heartbeat)).isEqualTo(Verdict.STALE);
        assertThat(told)
                .containsExactly(
                        arrived(7),
                        new Remote.Restarted<>("shop"),
                        lost(0, 3, Cause.ON_THE_WAY),
                        arrived(3),
                        new Remote.Restarted<>("shop"),
                        lost(8, 1, Cause.LAGGED),
                        lost(9, 3, Cause.ON_THE_WAY),
                        arrived(12));
    }

    @Test
    void aRunThatWasLeftStaysLeftAsLongAsTheOtherIsHeard() {
        takeAt(event("one", 7, 0), 0);
        takeAt(event("two", 0, 0), 0);
        long heartbeat = TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        for (int i = 1; i <= 10; i++) {
            assertThat(takeAt(event("one", 7 + i, 0), i * heartbeat)).isEqualTo(Verdict.STALE);
            if (i % 3 == 0) {
                takeAt(
                        new Note(Note.Kind.HEARTBEAT, "two", 1, HEARTBEAT_MILLIS, new long[5]),
                        i * heartbeat);
            }
        }
        assertThat(account.stats().restarts()).isEqualTo(1);
    }

    @Test
    void anImportThatGoesOnFromATicketKnowsTheRunsThatWereLeftBefore() {
        for (int run = 0; run < 6; run++) {
            event("run-" + run, 7);
        }
        String text = new Ticket(1, 7, true, null, Map.of("shop", account.known())).toText();
        List<Remote<String>> toldLater = new ArrayList<>();
        OriginAccount<String> later = OriginAccount.live("shop", toldLater::add, gap -> 0);
        later.resume(Objects.requireNonNull(Ticket.of(text).origins().get("shop")));
        assertThat(later.take(event("run-4", 8, 0), 0, () -> new Decoded<>("late")))
                .isEqualTo(Verdict.STALE);
        assertThat(later.take(event("run-5", 8, 0), 0, () -> new Decoded<>("event")))
                .isEqualTo(Verdict.NEWS);
        assertThat(toldLater).containsExactly(arrived(8));
    }

    /** Gaps of several causes, messages of several events, and a restart; cut at each place. */
    @Test
    void whereverTheBusEndsALaterImportFromTheTicketTellsTheRest() {
        List<Note> notes =
                List.of(
                        event("one", 0, 0),
                        new Note(
                                Note.Kind.EVENT,
                                "one",
                                9,
                                HEARTBEAT_MILLIS,
                                new long[] {3, 2, 0, 1, 0},
                                4,
                                0,
                                0),
                        new Note(
                                Note.Kind.EVENT,
                                "two",
                                2,
                                HEARTBEAT_MILLIS,
                                new long[] {1, 0, 0, 0, 0},
                                3,
                                0,
                                0),
                        new Note(
                                Note.Kind.FAREWELL,
                                "two",
                                5,
                                HEARTBEAT_MILLIS,
                                new long[] {1, 0, 0, 0, 0}));
        notes.forEach(this::take);
        assertThat(told).hasSize(16);
        for (int cut = 1; cut < told.size(); cut++) {
            int room = cut;
            List<Remote<String>> before = new ArrayList<>();
            OriginAccount<String> first =
                    OriginAccount.inStream(
                            "shop", remote -> before.size() < room && before.add(remote), false);
            int ended = 0;
            try {
                for (; ended < notes.size(); ended++) {
                    first.take(notes.get(ended), 0, () -> new Decoded<>("event"));
                }
            } catch (BusEnded e) {
                assertThat(before).hasSize(cut);
            }
            List<Remote<String>> after = new ArrayList<>();
            OriginAccount<String> later = OriginAccount.inStream("shop", after::add, false);
            later.resume(first.known());
            for (Note note : notes.subList(ended, notes.size())) {
                later.take(note, 0, () -> new Decoded<>("event"));
            }
            List<Remote<String>> both = new ArrayList<>(before);
            both.addAll(after);
            assertThat(both).as("cut at %s", cut).hasSameSizeAs(told);
            for (int i = 0; i < both.size(); i++) {
                assertThat(both.get(i)).isEqualTo(expected(told.get(i)));
            }
        }
    }

    /** In a stream, what is missing without a cause of the export has expired. */
    private static Remote<String> expected(Remote<String> live) {
        return live instanceof Remote.Lost<String>(String origin, long from, long missed, Cause why)
                        && why == Cause.ON_THE_WAY
                ? new Remote.Lost<>(origin, from, missed, Cause.EXPIRED)
                : live;
    }

    private static Note event(String epoch, long number, long lagged) {
        return new Note(
                Note.Kind.EVENT, epoch, number, HEARTBEAT_MILLIS, new long[] {lagged, 0, 0, 0, 0});
    }

    @Test
    void silenceIsToldOnceAfterThreeHeartbeatsThatDidNotCome() {
        takeAt(new Note(Note.Kind.EVENT, "run", 0, HEARTBEAT_MILLIS, new long[5]), 0);
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(3));
        assertThat(told).containsExactly(arrived(0));
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(3) + 1);
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(9));
        assertThat(told).containsExactly(arrived(0), new Remote.Silent<>("shop", false));
        takeAt(
                new Note(Note.Kind.HEARTBEAT, "run", 1, HEARTBEAT_MILLIS, new long[5]),
                TimeUnit.SECONDS.toNanos(10));
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(14));
        assertThat(told).hasSize(3).last().isEqualTo(new Remote.Silent<>("shop", false));
    }

    /** A heartbeat beside a stream is read after it, whenever it was sent. */
    @Test
    void afterAFarewellNothingOfThatRunIsHeardAnyMore() {
        Note event = new Note(Note.Kind.EVENT, "run", 0, HEARTBEAT_MILLIS, new long[5]);
        Note farewell = new Note(Note.Kind.FAREWELL, "run", 1, HEARTBEAT_MILLIS, new long[5]);
        Note heartbeat = new Note(Note.Kind.HEARTBEAT, "run", 1, HEARTBEAT_MILLIS, new long[5]);
        takeAt(event, 0);
        takeAt(farewell, 0);
        account.hearBeside(heartbeat, 1);
        assertThat(takeAt(farewell, 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(takeAt(event, 3)).isEqualTo(Verdict.DUPLICATE);
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(9));
        assertThat(told).containsExactly(arrived(0), new Remote.Silent<>("shop", true));
        assertThat(account.stats().closed()).isTrue();

        takeAt(new Note(Note.Kind.EVENT, "two", 0, HEARTBEAT_MILLIS, new long[5]), 4);
        account.tellIfSilent(TimeUnit.SECONDS.toNanos(9));
        assertThat(told).hasSize(5).last().isEqualTo(new Remote.Silent<>("shop", false));
    }

    @Test
    void countersThatGoBackOrExceedTheGapChangeNoNumber() {
        take(new Note(Note.Kind.EVENT, "run", 0, HEARTBEAT_MILLIS, new long[] {9, 0, 0, 0, 0}));
        take(new Note(Note.Kind.EVENT, "run", 2, HEARTBEAT_MILLIS, new long[] {1, 0, 0, 0, 0}));
        take(new Note(Note.Kind.EVENT, "run", 4, HEARTBEAT_MILLIS, new long[] {1, 7, 7, 0, 0}));
        assertThat(told)
                .containsExactly(
                        arrived(0),
                        lost(1, 1, Cause.ON_THE_WAY),
                        arrived(2),
                        lost(3, 1, Cause.NOT_CONNECTED),
                        arrived(4));
    }

    /** An export and a network that do as chance says, and how the account must look then. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void whateverIsLostOrComesAgainTheCausesAddUpToWhatWasNumbered(long seed) {
        Random chance = new Random(seed);
        Map<Cause, Long> expected = new EnumMap<>(Cause.class);
        long arrived = 0;
        for (int run = 0; run < 5; run++) {
            long[] unsent = new long[Cause.UNSENT.size()];
            List<Note> delivered = new ArrayList<>();
            String epoch = "run-" + run;
            take(new Note(Note.Kind.HEARTBEAT, epoch, 0, HEARTBEAT_MILLIS, unsent.clone()));
            long number = 0;
            while (number < 500) {
                Note note =
                        new Note(Note.Kind.EVENT, epoch, number, HEARTBEAT_MILLIS, unsent.clone());
                int what = chance.nextInt(10);
                if (what < 2) {
                    int cause = chance.nextInt(unsent.length);
                    int count = Cause.UNSENT.get(cause) == Cause.LAGGED ? chance.nextInt(1, 9) : 1;
                    unsent[cause] += count;
                    expected.merge(Cause.UNSENT.get(cause), (long) count, Long::sum);
                    number += count;
                    continue;
                }
                number++;
                if (what == 2) {
                    expected.merge(Cause.ON_THE_WAY, 1L, Long::sum);
                    continue;
                }
                delivered.add(note);
                assertThat(take(note)).isEqualTo(Verdict.NEWS);
                arrived++;
                if (what == 3) {
                    take(delivered.get(chance.nextInt(delivered.size())));
                }
            }
            take(new Note(Note.Kind.FAREWELL, epoch, number, HEARTBEAT_MILLIS, unsent));
            assertThat(account.stats().next()).isEqualTo(number);
        }
        assertThat(account.stats().arrived()).isEqualTo(arrived);
        assertThat(account.stats().lost()).isEqualTo(expected);
        long next = 0;
        for (Remote<String> remote : told) {
            switch (remote) {
                case Remote.Arrived<String>(String origin, long number, String event) -> {
                    assertThat(number).isEqualTo(next);
                    next++;
                }
                case Remote.Lost<String>(String origin, long from, long missed, Cause cause) -> {
                    assertThat(from).isEqualTo(next);
                    next += missed;
                }
                case Remote.Restarted<String> restarted -> next = 0;
                case Remote.Silent<String> silent -> assertThat(silent.closed()).isTrue();
            }
        }
    }

    @Test
    void whatCannotBeDecodedIsLostInItsPlace() {
        Note first = new Note(Note.Kind.EVENT, "run", 0, HEARTBEAT_MILLIS, new long[5]);
        account.take(first, 0, () -> new Undecoded<>(Cause.UNDECODABLE));
        event("run", 1);
        assertThat(told).containsExactly(lost(0, 1, Cause.UNDECODABLE), arrived(1));
    }

    // ---- helping hands ----

    private Verdict event(String epoch, long number) {
        return note(Note.Kind.EVENT, epoch, number);
    }

    private Verdict note(Note.Kind kind, String epoch, long number) {
        return take(new Note(kind, epoch, number, HEARTBEAT_MILLIS, new long[5]));
    }

    private Verdict take(Note note) {
        return takeAt(note, 0);
    }

    private Verdict takeAt(Note note, long now) {
        return account.take(note, now, () -> new Decoded<>("event"));
    }

    private static Remote<String> arrived(long number) {
        return new Remote.Arrived<>("shop", number, "event");
    }

    private static Remote<String> lost(long from, long missed, Cause cause) {
        return new Remote.Lost<>("shop", from, missed, cause);
    }
}
