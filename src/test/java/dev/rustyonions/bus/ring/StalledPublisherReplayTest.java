package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

/** What becomes of a publisher that is stopped at its worst moment, replayed step by step. */
class StalledPublisherReplayTest {
    private static final int CAPACITY = 4;

    private final SteppedRing ring = new SteppedRing(CAPACITY);

    @Test
    void ofTheFirstLapFindsAClosedAndForgottenRingClosed() {
        Channel channel = new Channel(ring, 0, true);
        ring.duringNextPublish(
                () -> {
                    publish(channel, CAPACITY - 1);
                    channel.close();
                });

        long sequence = channel.publish("late");

        assertThat(sequence).isEqualTo(Ring.CLOSED);
        assertThat(cells()).allSatisfy(cell -> assertThat(cell).isInstanceOf(Terminal.class));
    }

    @Test
    void ofTheFirstLapFindsAClosedRingClosed() {
        Channel channel = new Channel(ring, 0, false);
        ring.duringNextPublish(channel::close);

        assertThat(channel.publish("late")).isEqualTo(Ring.CLOSED);
        assertThat(channel.published()).isZero();
    }

    @Test
    void putsItsMessageBehindThoseThatLappedIt() {
        Channel channel = new Channel(ring, 0, false);
        ring.duringNextPublish(() -> publish(channel, 3 * CAPACITY));

        long sequence = channel.publish("late");

        assertThat(sequence).isEqualTo(3 * CAPACITY);
        assertThat(ring.cell(sequence)).isEqualTo(new NumberRing.Cell(sequence, "late"));
        assertThat(cells())
                .extracting(ring::sequenceOf)
                .containsExactlyInAnyOrder(9L, 10L, 11L, 12L);
    }

    @Test
    void beforeStoringTheHintSetsItBackAndTheTailIsFoundAllTheSame() {
        long stalled = ring.claim(ring.hint(), "stalled before the hint");
        for (int i = 0; i < 50; i++) {
            ring.publish(i);
        }
        ring.advanceHint(stalled + 1);

        assertThat(ring.hint()).isEqualTo(1);
        assertThat(ring.tail()).isEqualTo(51);
        assertThat(ring.publish("next")).isEqualTo(51);
    }

    @Test
    void beforeStoringTheHintDoesNotMoveItPastTheClose() {
        Channel channel = new Channel(ring, 0, false);
        long stalled = ring.claim(ring.hint(), "stalled before the hint");
        channel.close();
        ring.advanceHint(stalled + 1);

        assertThat(ring.hint()).isEqualTo(1);
        assertThat(channel.published()).isEqualTo(1);
        assertThat(new SteppedCursor(channel).poll()).isEqualTo(NoMessage.BUS_CLOSED);
    }

    private List<Object> cells() {
        return LongStream.range(0, CAPACITY).mapToObj(ring::cell).toList();
    }

    static void publish(Channel channel, int count) {
        for (int i = 0; i < count; i++) {
            channel.publish(i);
        }
    }
}
