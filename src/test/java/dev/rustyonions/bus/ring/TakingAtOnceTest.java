package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Objects;

/** When a message that is there is taken at once, and when its cursor must look first. */
class TakingAtOnceTest {
    private static final int CAPACITY = 4;

    /** A cursor from now that only takes. */
    private static class TakingCursor extends Cursor {
        private final Ring ring;

        TakingCursor(Channel channel, long patience) {
            super(channel, new Start.Now(), false, null, patience);
            ring = channel.ring();
            takeAtOnce();
        }

        TakingCursor(Channel channel) {
            this(channel, LOSSY);
        }

        @Nullable Object next() {
            return takeNext();
        }

        /** What is to be done where nothing can be taken at once; takes it if it is a message. */
        Object step() {
            Object found = peek();
            if (found == NoMessage.LAGGED) {
                lagTold();
            } else if (!(found instanceof NoMessage)) {
                takeDelivered(ring.sequenceOf(found));
            }
            return found;
        }
    }

    private final Ring ring = new NumberRing(CAPACITY);
    private final Channel channel = new Channel(ring, 0, false);

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            channel.publish("event");
        }
    }

    @Test
    void whatIsThereIsTakenInItsOrderAndCounted() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(2);
        assertThat(ring.sequenceOf(cursor.next())).isZero();
        assertThat(ring.sequenceOf(cursor.next())).isEqualTo(1);
        assertThat(cursor.next()).as("nothing is there").isNull();
        assertThat(cursor.delivered()).isEqualTo(2);
        assertThat(cursor.position()).isEqualTo(2);
    }

    @Test
    void aLagIsToldFirstAndTheMessageItEndedAtIsNext() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(CAPACITY + 3);
        assertThat(cursor.next()).as("lapped").isNull();
        assertThat(cursor.step()).isEqualTo(NoMessage.LAGGED);
        assertThat(cursor.next()).as("a message is in hand").isNull();
        assertThat(ring.sequenceOf(cursor.step())).isEqualTo(3);
        assertThat(ring.sequenceOf(cursor.next())).isEqualTo(4);
        assertThat(cursor.delivered() + cursor.missed()).isEqualTo(5);
    }

    @Test
    void aLagThatIsNotYetToldIsNotOvertaken() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(CAPACITY + 3);
        assertThat(cursor.peek()).isEqualTo(NoMessage.LAGGED);
        publish(1);
        assertThat(cursor.next()).isNull();
        assertThat(cursor.step()).isEqualTo(NoMessage.LAGGED);
    }

    @Test
    void aSecondThreadTakesNothingWhileOneWaits() {
        TakingCursor cursor = new TakingCursor(channel);
        cursor.waits(true);
        publish(1);
        assertThat(cursor.next()).isNull();
        cursor.waits(false);
        assertThat(cursor.next()).isNotNull();
    }

    @Test
    void nothingIsTakenWhileSomebodyWantsToKnowOfIt() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(1);
        ring.watch(true);
        assertThat(cursor.next()).isNull();
        ring.watch(false);
        assertThat(cursor.next()).isNotNull();
    }

    @Test
    void nothingIsTakenAfterTheEnd() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(1);
        cursor.unsubscribe();
        assertThat(cursor.next()).isNull();
        assertThat(cursor.step()).isEqualTo(NoMessage.RECEIVER_CLOSED);
    }

    @Test
    void nothingIsTakenOnceTheEndHasBegun() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(1);
        Account account = Objects.requireNonNull(channel.receivers().find(cursor.id()));
        account.tryEnd(NoMessage.RECEIVER_CLOSED); // and not settled: the position still stands
        assertThat(cursor.next()).isNull();
    }

    @Test
    void theEndOfTheChannelIsNoMessage() {
        TakingCursor cursor = new TakingCursor(channel);
        publish(1);
        channel.close();
        assertThat(cursor.next()).isNotNull();
        assertThat(cursor.next()).isNull();
        assertThat(cursor.step()).isEqualTo(NoMessage.BUS_CLOSED);
    }

    @Test
    void wherePassingIsToldNothingIsTakenAtOnce() {
        TakingCursor lossless = new TakingCursor(channel, Cursor.FOREVER);
        TakingCursor forgetting = new TakingCursor(new Channel(new NumberRing(CAPACITY), 0, true));
        publish(1);
        forgetting.channel.publish("event");
        assertThat(lossless.next()).isNull();
        assertThat(forgetting.next()).isNull();
        assertThat(ring.sequenceOf(lossless.step())).isZero();
    }
}
