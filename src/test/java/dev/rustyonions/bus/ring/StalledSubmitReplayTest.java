package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A publisher stopped while it waits for room. It looks when it is woken and at no other time, so
 * each of these steps has to wake it.
 */
class StalledSubmitReplayTest {
    private static final int CAPACITY = 2;

    private final SteppedRing ring = new SteppedRing(CAPACITY);
    private final SteppedRoom room = new SteppedRoom(ring);
    private final Channel channel =
            new Channel(ring, 0, false, new WaitStack(), new WaitStack(), room);

    private SteppedCursor lossless() {
        return new SteppedCursor(channel, new Start.Now(), Cursor.FOREVER);
    }

    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    private long submitWhile(Runnable others) {
        room.duringNextPark(others);
        return channel.submit("waits", Cursor.FOREVER);
    }

    @Test
    void aMessageTakenWakesThePublisher() {
        SteppedCursor cursor = lossless();
        fill();
        assertThat(submitWhile(cursor::poll)).isEqualTo(CAPACITY);
    }

    @Test
    void anEndOfEachKindWakesThePublisher() {
        List<NoMessage> ends = List.of(NoMessage.RECEIVER_CLOSED, NoMessage.EVICTED);
        SteppedCursor cursor = lossless();
        fill();
        for (int i = 0; i < ends.size(); i++) {
            NoMessage end = ends.get(i);
            SteppedCursor held = cursor;
            assertThat(submitWhile(() -> held.end(end))).as("%s", end).isEqualTo(CAPACITY + i);
            cursor = new SteppedCursor(channel, new Start.Last(CAPACITY), Cursor.FOREVER);
        }
    }

    @Test
    void theCloseWakesThePublisher() {
        SteppedCursor cursor = lossless();
        fill();
        assertThat(submitWhile(channel::close)).isEqualTo(Ring.CLOSED);
        assertThat(sequenceOf(cursor.poll())).isZero();
    }

    @Test
    void aPublisherThatLeavesWithoutAMessageWakesTheOneBehindIt() {
        SteppedCursor cursor = lossless();
        fill();
        Room.Place ahead = new Room.Place(new Thread(), CAPACITY);
        room.join(ahead);
        long taken =
                submitWhile(
                        () -> {
                            cursor.poll(); // wakes the one ahead
                            room.leave(ahead);
                        });
        assertThat(taken).isEqualTo(CAPACITY);
    }

    @Test
    void aStepAfterWhichThereIsNoRoomWakesNobody() {
        SteppedCursor one = lossless();
        SteppedCursor other = lossless();
        fill();
        assertThatThrownBy(() -> submitWhile(one::poll))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nobody is going to wake this publisher");
        assertThat(channel.publishersWaiting()).as("it has left the queue").isZero();
        assertThat(sequenceOf(other.poll())).isZero();
    }

    @Test
    void aPublisherEndsTheAbandonedReceiverThatItWouldWaitFor() {
        SteppedCursor cursor = lossless();
        fill();
        Objects.requireNonNull(channel.receivers().newest()).clear(); // as the collector does
        assertThat(channel.submit("waits", Cursor.FOREVER)).isEqualTo(CAPACITY);
        assertThat(channel.receiverCount()).isZero();
        assertThat(cursor.poll()).isEqualTo(NoMessage.RECEIVER_CLOSED);
    }

    @Test
    void aPublisherReleasesTheReceiverThatHasUsedUpItsPatience() {
        SteppedCursor impatient = new SteppedCursor(channel, new Start.Now(), 1);
        fill();
        assertThat(channel.submit("waits", Cursor.FOREVER)).isEqualTo(CAPACITY);
        assertThat(impatient.poll()).isEqualTo(NoMessage.LAGGED);
    }

    @Test
    void anEventThatWasAcceptedIsSaidToBeThoughTheNextPublisherCannotBeWoken() {
        SteppedCursor cursor = lossless();
        fill();
        Room.Place behind = new Room.Place(new Thread(), CAPACITY);
        long taken =
                submitWhile(
                        () -> {
                            room.join(behind);
                            room.failAt(behind.thread);
                            cursor.poll();
                        });
        assertThat(taken).isEqualTo(CAPACITY);
    }

    @Test
    void aCloseThatCannotWakeAPublisherIsToldOnceAllTheSame() {
        List<Long> told = new ArrayList<>();
        ChannelListener listener =
                new ChannelListener() {
                    @Override
                    public void closed(long published, int receivers) {
                        told.add(published);
                    }
                };
        WakeUps wakeUps = new WakeUps(new WaitStack(), new WaitStack());
        Channel closing = new Channel(ring, 0, false, listener, wakeUps, room);
        closing.publish("event");
        Room.Place waiting = new Room.Place(new Thread(), CAPACITY);
        room.join(waiting);
        room.failAt(waiting.thread);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(closing::close).isInstanceOf(PlantedError.class);
        }
        assertThat(told).containsExactly(1L);
    }

    @Test
    void aMessageThatWasTakenIsGivenThoughThePublisherCannotBeWoken() {
        SteppedCursor cursor = lossless();
        fill();
        Room.Place waiting = new Room.Place(new Thread(), CAPACITY);
        room.join(waiting);
        room.failAt(waiting.thread);
        assertThat(sequenceOf(cursor.poll())).isZero();
        cursor.unsubscribe();
        assertThat(channel.receiverCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void aPublisherStalledBeforeItsCompareAndSetTakesNothingFromOneWhoStartsAtTheOldestOrBelow(
            long start) {
        fill();
        channel.publish(2); // the window is 1 and 2
        SteppedCursor[] late = new SteppedCursor[1];
        ring.duringNextPublish(
                () -> late[0] = new SteppedCursor(channel, new Start.At(start), Cursor.FOREVER));

        assertThat(channel.submit("stalled", 0)).isEqualTo(Ring.TIMED_OUT);

        Object found = late[0].poll();
        if (found == NoMessage.LAGGED) {
            late[0].lagTold();
            found = late[0].poll();
        }
        assertThat(sequenceOf(found)).isEqualTo(1);
        assertThat(late[0].missed()).isEqualTo(1 - start);
    }

    @Test
    void aPublisherStalledBeforeItLooksForRoomIsToldOfTheCloseThatCameBeforeTheLook() {
        fill();
        SteppedCursor[] late = new SteppedCursor[1];
        ring.duringReads(
                () -> {
                    if (late[0] == null) {
                        channel.close();
                        late[0] =
                                new SteppedCursor(
                                        channel, new Start.Last(CAPACITY), Cursor.FOREVER);
                    }
                });
        assertThat(channel.submit("stalled", 0)).isEqualTo(Ring.CLOSED);
        ring.duringReads(null);
        assertThat(sequenceOf(late[0].poll())).isZero();
    }

    private static long sequenceOf(Object found) {
        return ((NumberRing.Cell) found).sequence();
    }
}
