package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** What a reader is given that is overtaken between reading a slot and looking at what it found. */
class StalledReaderReplayTest {
    private static final int CAPACITY = 4;

    private final SteppedRing ring = new SteppedRing(CAPACITY);
    private final Channel channel = new Channel(ring, 0, false);
    private final SteppedCursor cursor = new SteppedCursor(channel);

    @Test
    void whoseCloseFailsBeforeItTakesPlaceKeepsTheMessageInItsHand() {
        boolean[] failing = new boolean[1];
        ChannelListener listener =
                new ChannelListener() {
                    @Override
                    public void ended(ReceiverView account, long missed) {
                        if (failing[0]) {
                            throw new PlantedError();
                        }
                    }
                };
        Channel own = new Channel(new SteppedRing(2), 0, false, listener);
        SteppedCursor reader = new SteppedCursor(own);
        new SteppedCursor(own);
        own.receivers().newest().clear(); // for the sweep of the close to find
        StalledPublisherReplayTest.publish(own, 5);
        assertThat(reader.poll()).isEqualTo(NoMessage.LAGGED);
        reader.lagTold();
        failing[0] = true;
        assertThat(catchThrowable(reader::unsubscribe)).isInstanceOf(PlantedError.class);

        assertThat(reader.poll()).isEqualTo(new NumberRing.Cell(3, 3));
        assertThat(reader.poll()).isEqualTo(new NumberRing.Cell(4, 4));
        assertThat(reader.delivered() + reader.missed()).isEqualTo(5);
        assertThat(own.receiverCount()).isEqualTo(1);
        failing[0] = false;
        reader.unsubscribe();
        assertThat(reader.poll()).isEqualTo(NoMessage.RECEIVER_CLOSED);
    }

    @Test
    void theMessageItFoundThoughItHasBeenOverwritten() {
        channel.publish("first");
        ring.duringReads(() -> StalledPublisherReplayTest.publish(channel, CAPACITY));

        assertThat(cursor.poll()).isEqualTo(new NumberRing.Cell(0, "first"));
    }

    @Test
    void aLagToTheOldestMessageThatIsThereAtLast() {
        StalledPublisherReplayTest.publish(channel, CAPACITY + 1);
        // One more lap while it looks for the oldest.
        ring.duringReads(
                () -> {
                    if (channel.published() < 2 * CAPACITY) {
                        StalledPublisherReplayTest.publish(channel, CAPACITY);
                    }
                });

        assertThat(cursor.poll()).isEqualTo(NoMessage.LAGGED);
        cursor.lagTold();
        assertThat(cursor.lagMissed()).isEqualTo(CAPACITY + 1);
        assertThat(((NumberRing.Cell) cursor.poll()).sequence()).isEqualTo(CAPACITY + 1);
    }

    @Test
    void aLagInTheMiddleOfABatchToTheOldestMessageThoughTheHintIsFarBehind() {
        Channel wide = new Channel(new NumberRing(256), 0, false);
        SteppedCursor reader = new SteppedCursor(wide);
        Appender batch = wide.appender(0, false);
        for (int i = 0; i < 300; i++) {
            batch.append(i);
        }

        assertThat(reader.poll()).isEqualTo(NoMessage.LAGGED);
        assertThat(reader.lagMissed()).isEqualTo(44);
    }

    @Test
    void aMessageAfterEachLagHoweverFastItIsLapped() {
        StalledPublisherReplayTest.publish(channel, CAPACITY + 1);
        ring.duringReads(() -> StalledPublisherReplayTest.publish(channel, CAPACITY));

        long next = 0;
        for (int lag = 0; lag < 10; lag++) {
            assertThat(cursor.poll()).isEqualTo(NoMessage.LAGGED);
            cursor.lagTold();
            assertThat(cursor.lagFrom()).isEqualTo(next);
            next += cursor.lagMissed();
            assertThat(((NumberRing.Cell) cursor.poll()).sequence()).isEqualTo(next);
            next++;
        }
    }
}
