package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** What becomes of a closed bus with amnesia when somebody is stopped in the middle of subscribing. */
class StalledSubscriberReplayTest {
    private static final int CAPACITY = 4;

    private final SteppedRing ring = new SteppedRing(CAPACITY);
    private final Channel channel = new Channel(ring, 0, true);

    @Test
    void theMessagesGoWithTheSubscriptionThatFailsIfTheLastReceiverEndedMeanwhile() {
        Cursor last = new SteppedCursor(channel);
        StalledPublisherReplayTest.publish(channel, CAPACITY);
        channel.close();
        ring.advanceHint(1); // so that the tail is searched for
        ring.duringReads(last::end);

        Throwable refused = catchThrowable(() -> new Cursor(channel, new Start.At(99), false) {});
        ring.duringReads(null);

        assertThat(refused).isInstanceOf(IllegalArgumentException.class);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(ring.cell(i)).isInstanceOf(Terminal.class);
        }
    }
}
