package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/**
 * What becomes of a closed bus with amnesia when somebody is stopped in the middle of subscribing.
 */
class StalledSubscriberReplayTest {
    private static final int CAPACITY = 4;

    private final SteppedRing ring = new SteppedRing(CAPACITY);
    private final Channel channel = new Channel(ring, 0, true);

    /** Abandons a receiver each time it hears of one that was. */
    private static final class Abandoning implements ChannelListener {
        private Channel channel;
        private int subscriptions;

        @Override
        public void ended(ReceiverView account, long missed) {
            if (subscriptions < 1000) {
                abandon();
            }
        }

        void abandon() {
            subscriptions++;
            new SteppedCursor(channel);
            channel.receivers().newest().clear();
        }
    }

    @Test
    void subscriptionsDuringEachWalkDoNotKeepWhoForgetsThere() {
        Abandoning others = new Abandoning();
        others.channel = new Channel(ring, 0, true, others);
        Cursor last = new SteppedCursor(others.channel);
        StalledPublisherReplayTest.publish(others.channel, CAPACITY);
        others.channel.close();
        others.abandon();
        last.unsubscribe();
        assertThat(others.subscriptions).isLessThan(10);
    }

    @Test
    void oneThatEntersDuringAWalkLosesNothingToItAndTheMessagesGoAfterIt() {
        SteppedCursor[] late = new SteppedCursor[1];
        Channel[] own = new Channel[1];
        ChannelListener listener =
                new ChannelListener() {
                    @Override
                    public void ended(ReceiverView account, long missed) {
                        if (late[0] == null) {
                            late[0] = new SteppedCursor(own[0], new Start.Last(CAPACITY));
                        }
                    }
                };
        own[0] = new Channel(ring, 0, true, listener);
        SteppedCursor atTheEnd = new SteppedCursor(own[0]);
        StalledPublisherReplayTest.publish(own[0], CAPACITY);
        for (int i = 0; i < CAPACITY; i++) {
            atTheEnd.poll();
        }
        new SteppedCursor(own[0]);
        own[0].receivers().newest().clear();
        // The walk notices the abandoned one, and meanwhile the other subscribes, to everything.
        own[0].close();
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(late[0].poll()).isEqualTo(new NumberRing.Cell(i, i));
        }
        assertThat(late[0].poll()).isEqualTo(NoMessage.BUS_CLOSED);
        atTheEnd.unsubscribe();
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(ring.cell(i)).isInstanceOf(Terminal.class);
        }
    }

    @Test
    void aSweepThatFailsLeavesNoReceiverBehindThatNobodyHas() {
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
        Channel own = new Channel(ring, 0, false, listener);
        new SteppedCursor(own);
        own.receivers().newest().clear();
        failing[0] = true;
        assertThat(catchThrowable(() -> new SteppedCursor(own))).isInstanceOf(PlantedError.class);
        assertThat(own.receiverCount()).isZero();
    }

    @Test
    void theMessagesGoWithTheSubscriptionThatFailsIfTheLastReceiverEndedMeanwhile() {
        Cursor last = new SteppedCursor(channel);
        StalledPublisherReplayTest.publish(channel, CAPACITY);
        channel.close();
        ring.advanceHint(1); // so that the tail is searched for
        ring.duringReads(last::unsubscribe);

        Throwable refused = catchThrowable(() -> new SteppedCursor(channel, new Start.At(99)));
        ring.duringReads(null);

        assertThat(refused).isInstanceOf(IllegalArgumentException.class);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(ring.cell(i)).isInstanceOf(Terminal.class);
        }
    }
}
