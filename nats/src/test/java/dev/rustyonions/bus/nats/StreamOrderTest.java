package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.nats.OriginAccount.Decoded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The order of one origin in a stream, fed by hand. */
class StreamOrderTest {
    private final List<Remote<String>> told = new ArrayList<>();
    private final OriginAccount<String> account = OriginAccount.inStream("shop", told::add, true);
    private final StreamOrder<String> order = new StreamOrder<>(account);
    private long streamSequence;

    @Test
    void aNumberThatIsSentAgainComesInItsPlace() {
        for (long number : new long[] {0, 2, 3, 1, 4}) {
            event("run", number);
        }
        assertThat(told).containsExactlyElementsOf(arrived(0, 5));
        assertThat(order.lowestHeld()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aNumberIsExpiredWhenTheStreamHadConfirmedItOrAtAHeartbeat() {
        event("run", 0);
        event("run", 2);
        event("run", 3);
        take(event(4, 1, new long[5], 1));
        assertThat(told).containsExactlyElementsOf(arrived(0, 1));
        assertThat(order.lowestHeld()).isEqualTo(2);
        take(event(5, 1, new long[5], 2));
        assertThat(told.get(1)).isEqualTo(lost(1, 1));
        assertThat(told.subList(2, told.size())).containsExactlyElementsOf(arrived(2, 6));

        event("run", 9);
        note(Note.Kind.HEARTBEAT, "run", 11);
        assertThat(told.subList(6, told.size()))
                .containsExactly(lost(6, 3), new Remote.Arrived<>("shop", 9, "event"), lost(10, 1));
    }

    @Test
    void whatTheStreamDroppedBeforeTheImportCameIsNotWaitedFor() {
        take(event(1_000_000, 1, new long[5], 1_000_000));
        assertThat(told)
                .containsExactly(
                        lost(0, 1_000_000), new Remote.Arrived<>("shop", 1_000_000, "event"));
    }

    /** What was confirmed in one run says nothing of the next. */
    @Test
    void aNewRunIsNotTakenForConfirmed() {
        take(event(0, 1, new long[5], 0));
        take(event(1, 1, new long[5], 1));
        event("two", 1);
        event("two", 0);
        assertThat(told.subList(2, told.size()))
                .containsExactly(
                        new Remote.Restarted<>("shop"),
                        new Remote.Arrived<>("shop", 0, "event"),
                        new Remote.Arrived<>("shop", 1, "event"));
    }

    @Test
    void whatWasHeldBackOfARunIsToldBeforeTheNextOne() {
        event("one", 0);
        event("one", 2);
        event("two", 0);
        assertThat(told)
                .containsExactly(
                        new Remote.Arrived<>("shop", 0, "event"),
                        lost(1, 1),
                        new Remote.Arrived<>("shop", 2, "event"),
                        new Remote.Restarted<>("shop"),
                        new Remote.Arrived<>("shop", 0, "event"));
    }

    @Test
    void aHeartbeatBesideTheStreamTakesUpARunThatWasLeftAndTellsFirstWhatWasHeldBack() {
        event("there", 0);
        event("late", 5);
        event("late", 7);
        Note beside = new Note(Note.Kind.HEARTBEAT, "there", 1, 1_000, new long[5]);
        order.hearBeside(beside, 0);
        order.hearBeside(beside, TimeUnit.SECONDS.toNanos(3));
        int held = told.size();
        order.hearBeside(beside, TimeUnit.SECONDS.toNanos(3) + 1);
        event("there", 1);
        assertThat(told.subList(held, told.size()))
                .containsExactly(
                        lost(0, 5),
                        new Remote.Arrived<>("shop", 5, "event"),
                        lost(6, 1),
                        new Remote.Arrived<>("shop", 7, "event"),
                        new Remote.Restarted<>("shop"),
                        new Remote.Arrived<>("shop", 1, "event"));
        order.hearBeside(new Note(Note.Kind.HEARTBEAT, "new", 0, 1_000, new long[5]), 0);
        assertThat(told).last().isEqualTo(new Remote.Arrived<>("shop", 1, "event"));
    }

    @Test
    void whatIsHeldBackIsGivenWhenTheExportHasBeenGoneForAMinuteInWhichThisOneWasConnected() {
        long minute = TimeUnit.MINUTES.toNanos(1);
        event("run", 0);
        event("run", 2);
        account.tellIfSilent(minute);
        order.releaseIfGone(minute, -minute); // heard of a minute ago, not longer
        order.releaseIfGone(2 * minute, minute);
        assertThat(told)
                .containsExactly(
                        new Remote.Arrived<>("shop", 0, "event"),
                        new Remote.Silent<>("shop", false));
        order.releaseIfGone(2 * minute, minute - 1);
        assertThat(told.subList(2, told.size()))
                .containsExactly(lost(1, 1), new Remote.Arrived<>("shop", 2, "event"));
        assertThat(order.lowestHeld()).isEqualTo(Long.MAX_VALUE);
        event("run", 1);
        event("run", 3);
        assertThat(told).hasSize(5).last().isEqualTo(new Remote.Arrived<>("shop", 3, "event"));
    }

    /** With few heartbeats, a minute without any says nothing. */
    @Test
    void whatIsHeldBackStaysAsLongAsTheExportIsNotSilent() {
        event("run", 0);
        event("run", 2);
        order.releaseIfGone(TimeUnit.MINUTES.toNanos(9), 0);
        assertThat(told).containsExactlyElementsOf(arrived(0, 1));
    }

    @Test
    void whatTheExportHasNotSentIsNotWaitedFor() {
        event("run", 0);
        take(new Note(Note.Kind.EVENT, "run", 4, 1_000, new long[] {3, 0, 0, 0, 0}));
        assertThat(told).hasSize(3).last().isEqualTo(new Remote.Arrived<>("shop", 4, "event"));
        assertThat(told.get(1)).isEqualTo(new Remote.Lost<>("shop", 1, 3, Cause.LAGGED));
    }

    /**
     * Messages under way that come in any order, some of them twice, of one event and of several,
     * with events between them that the export has lagged behind of.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void inWhateverOrderTheyComeAllArriveOnceAndInOrder(long seed) {
        Random chance = new Random(seed);
        List<Note> underWay = new ArrayList<>();
        List<Remote<String>> expected = new ArrayList<>();
        long number = 0;
        long lagged = 0;
        while (number < 20_000 || !underWay.isEmpty()) {
            if (number < 20_000 && underWay.size() < 256 && chance.nextInt(5) < 3) {
                if (chance.nextInt(50) == 0) {
                    int missed = 1 + chance.nextInt(1_000);
                    expected.add(new Remote.Lost<>("shop", number, missed, Cause.LAGGED));
                    lagged += missed;
                    number += missed;
                }
                int events = 1 + chance.nextInt(2) * chance.nextInt(50);
                long settled =
                        underWay.stream().mapToLong(note -> note.number).min().orElse(number);
                underWay.add(event(number, events, new long[] {lagged, 0, 0, 0, 0}, settled));
                expected.addAll(arrived(number, number + events));
                number += events;
            } else if (!underWay.isEmpty()) {
                Note comes = underWay.get(chance.nextInt(underWay.size()));
                take(comes);
                if (chance.nextInt(10) > 0) {
                    underWay.remove(comes); // else it comes again
                }
            }
        }
        assertThat(told).isEqualTo(expected);
    }

    // ---- helping hands ----

    private static Note event(long number, int events, long[] unsent, long settled) {
        return new Note(Note.Kind.EVENT, "run", number, 1_000, unsent, events, 0, settled);
    }

    private void event(String epoch, long number) {
        note(Note.Kind.EVENT, epoch, number);
    }

    private void note(Note.Kind kind, String epoch, long number) {
        take(new Note(kind, epoch, number, 1_000, new long[5]));
    }

    private void take(Note note) {
        order.take(note, 0, ++streamSequence, () -> new Decoded<>("event"));
    }

    private static List<Remote<String>> arrived(long from, long to) {
        return LongStream.range(from, to)
                .<Remote<String>>mapToObj(n -> new Remote.Arrived<>("shop", n, "event"))
                .toList();
    }

    private static Remote<String> lost(long from, long missed) {
        return new Remote.Lost<>("shop", from, missed, Cause.EXPIRED);
    }
}
