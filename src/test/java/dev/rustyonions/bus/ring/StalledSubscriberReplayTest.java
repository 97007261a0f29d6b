package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rustyonions.bus.fixture.Latches;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

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

    /** A ring at which one thread can be stopped where it looks at a cell. */
    private static final class HeldRing extends NumberRing {
        private final Map<Thread, Held> held = new ConcurrentHashMap<>();

        /** Where a thread is stopped. */
        private static final class Held {
            final CountDownLatch reached = new CountDownLatch(1);
            final CountDownLatch released = new CountDownLatch(1);
        }

        HeldRing() {
            super(CAPACITY);
        }

        /** Runs it in a thread of its own, and returns when that is stopped at its first look. */
        Held start(List<Thread> threads, Runnable task) {
            Held at = new Held();
            Thread thread = Thread.ofVirtual().unstarted(task);
            held.put(thread, at);
            threads.add(thread);
            thread.start();
            Latches.await(at.reached);
            return at;
        }

        @Override
        protected long sequenceOf(Object cell) {
            Held at = held.remove(Thread.currentThread());
            if (at != null) {
                at.reached.countDown();
                Latches.await(at.released);
            }
            return super.sequenceOf(cell);
        }
    }

    @Test
    void ofTwoThatLearnOfTheCloseAtOnceNoneTakesForDroppedWhatTheOtherHasYetToDrop()
            throws Exception {
        HeldRing held = new HeldRing();
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Channel> own = new AtomicReference<>();
        AtomicReference<HeldRing.Held> entering = new AtomicReference<>();
        ChannelListener listener =
                new ChannelListener() {
                    @Override
                    public void ended(ReceiverView account, long missed) {
                        Runnable task = () -> new SteppedCursor(own.get());
                        entering.set(held.start(threads, task));
                    }
                };
        Channel closing = new Channel(held, 0, true, listener);
        own.set(closing);
        new SteppedCursor(closing);
        closing.receivers().newest().clear();
        StalledPublisherReplayTest.publish(closing, CAPACITY);
        held.close();
        held.advanceHint(1); // so that the tail is searched for
        HeldRing.Held late = held.start(threads, closing::dropUnreadable);
        // Its walk notices the abandoned receiver. Meanwhile another one enters, so that the walk
        // raises up to where everything counts as forgotten, and leaves the dropping to that one.
        closing.dropUnreadable();
        late.released.countDown();
        threads.getFirst().join();
        entering.get().released.countDown();
        threads.getLast().join();
        assertThat(threads).hasSize(2);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(held.cell(i)).as("%d", i).isInstanceOf(Terminal.class);
        }
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
