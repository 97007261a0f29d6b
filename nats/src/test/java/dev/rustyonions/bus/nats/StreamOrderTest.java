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
    private final StreamOrder<String> order =
            new StreamOrder<>(OriginAccount.inStream("shop", told::add, true));
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
    void aNumberIsExpiredWhenOneHasComeThatIsAWindowAboveItOrAHeartbeat() {
        event("run", 0);
        for (long number = 2; number < StreamSender.WINDOW + 1; number++) {
            event("run", number);
        }
        assertThat(told).containsExactlyElementsOf(arrived(0, 1));
        assertThat(order.lowestHeld()).isEqualTo(2);
        event("run", StreamSender.WINDOW + 1);
        assertThat(told.get(1)).isEqualTo(lost(1, 1));
        assertThat(told).hasSize(StreamSender.WINDOW + 2);

        event("run", StreamSender.WINDOW + 5);
        note(Note.Kind.HEARTBEAT, "run", StreamSender.WINDOW + 7);
        assertThat(told.subList(StreamSender.WINDOW + 2, told.size()))
                .containsExactly(
                        lost(StreamSender.WINDOW + 2, 3),
                        new Remote.Arrived<>("shop", StreamSender.WINDOW + 5, "event"),
                        lost(StreamSender.WINDOW + 6, 1));
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
    void whatTheExportHasNotSentIsNotWaitedFor() {
        event("run", 0);
        take(new Note(Note.Kind.EVENT, "run", 4, 1_000, new long[] {3, 0, 0, 0, 0}));
        assertThat(told).hasSize(3).last().isEqualTo(new Remote.Arrived<>("shop", 4, "event"));
        assertThat(told.get(1)).isEqualTo(new Remote.Lost<>("shop", 1, 3, Cause.LAGGED));
    }

    /** Numbers that come in any order within the window, some of them twice. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void inWhateverOrderTheyComeAllArriveOnceAndInOrder(long seed) {
        Random chance = new Random(seed);
        List<Long> underWay = new ArrayList<>();
        long number = 0;
        while (number < 5_000 || !underWay.isEmpty()) {
            boolean isRoom = underWay.isEmpty() || number - lowest(underWay) < StreamSender.WINDOW;
            if (number < 5_000 && isRoom && chance.nextInt(5) < 3) {
                underWay.add(number++);
            } else if (!underWay.isEmpty()) {
                long comes = underWay.get(chance.nextInt(underWay.size()));
                event("run", comes);
                if (chance.nextInt(10) > 0) {
                    underWay.remove(comes); // else it comes again
                }
            }
        }
        note(Note.Kind.FAREWELL, "run", number);
        assertThat(told).hasSize(5_001);
        assertThat(told.subList(0, 5_000)).isEqualTo(arrived(0, 5_000));
    }

    // ---- helping hands ----

    private static long lowest(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).min().orElseThrow();
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
