package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Publishers that wait and lossless receivers, stopped at the steps that the argument in Room is
 * about.
 */
class RoomReplayTest {
    private static final int CAPACITY = 2;
    private static final long AT_ONCE = 0;

    private final SteppedRing ring = new SteppedRing(CAPACITY);

    /** Looks only when it is woken: a wake-up that is missing is not made up for. */
    private final Room room =
            new Room(ring) {
                @Override
                long relook(boolean first) {
                    return Long.MAX_VALUE;
                }
            };

    private final Channel channel =
            new Channel(ring, 0, false, new WaitStack(), new WaitStack(), room);

    private SteppedCursor lossless(Start start) {
        return new SteppedCursor(channel, start, Cursor.FOREVER);
    }

    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    private static long sequence(Object found) {
        return ((NumberRing.Cell) found).sequence();
    }

    private Task<Long> submit(ThreadKind kind) {
        return Task.start(kind, () -> channel.submit("waits", Waiter.FOREVER)).untilParkedTimed();
    }

    @Test
    void aPublisherStalledBeforeItsCompareAndSetTakesNothingFromOneWhoStartsWithTheOldest() {
        fill();
        List<SteppedCursor> late = new ArrayList<>();
        ring.duringNextPublish(() -> late.add(lossless(new Start.Last(CAPACITY))));

        assertThat(channel.submit("stalled", AT_ONCE)).isEqualTo(Ring.TIMED_OUT);

        assertThat(sequence(late.getFirst().poll())).isZero();
        assertThat(sequence(late.getFirst().poll())).isEqualTo(1);
    }

    @Test
    void aPublisherStalledBeforeItsCompareAndSetMayOverwriteWhatNobodyIsOwed() {
        fill();
        List<SteppedCursor> late = new ArrayList<>();
        ring.duringNextPublish(() -> late.add(lossless(new Start.Last(1))));

        assertThat(channel.submit("stalled", AT_ONCE)).isEqualTo(2);

        assertThat(sequence(late.getFirst().poll())).isEqualTo(1);
        assertThat(sequence(late.getFirst().poll())).isEqualTo(2);
    }

    @Test
    void aWindowThatMovesWhileAReceiverSubscribesMovesItsStart() {
        fill();
        SteppedCursor[] late = new SteppedCursor[1];
        // In the middle of the subscription, before the copy: the position of the copy is taken.
        ring.beforeNextCopy(() -> channel.publish("in between"));
        late[0] = lossless(new Start.Last(CAPACITY));
        assertThat(sequence(late[0].poll())).isEqualTo(1);
        assertThat(late[0].missed()).isZero();
    }

    @Test
    void aLimitFromBeforeASubscriptionAllowsNothingAfterIt() {
        fill();
        Limit before = room.limit;
        SteppedCursor late = lossless(new Start.Last(CAPACITY));
        before.raise(Long.MAX_VALUE); // by a publisher that has walked before
        assertThat(channel.submit("late", AT_ONCE)).isEqualTo(Ring.TIMED_OUT);
        assertThat(sequence(late.poll())).isZero();
    }

    @Test
    void whatAPublisherHasSeenOfThePositionsServesForAsManyMessages() {
        lossless(new Start.Now());
        assertThat(channel.submit(0, AT_ONCE)).isZero();
        assertThat(room.limit.below()).isEqualTo(CAPACITY);
    }

    @Test
    void aReceiverWhoseSubscriptionFailsIsNotWaitedFor() {
        lossless(new Start.Now()).unsubscribe();
        SteppedRing failing = new SteppedRing(CAPACITY);
        Channel own =
                new Channel(failing, 0, false, new WaitStack(), new WaitStack(), new Room(failing));
        own.publish(0);
        own.publish(1);
        failing.beforeNextCopy(
                () -> {
                    throw new PlantedError();
                });
        assertThatThrownBy(() -> new SteppedCursor(own, new Start.Last(CAPACITY), Cursor.FOREVER))
                .isInstanceOf(PlantedError.class);
        assertThat(own.submit(2, AT_ONCE)).isEqualTo(2);
        assertThat(own.receiverCount()).isZero();
    }

    // ---- wake-ups ----

    @ParameterizedTest
    @EnumSource
    void aStrideOfTheReceiverWakesThePublisher(ThreadKind kind) {
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        Task<Long> publisher = submit(kind);
        cursor.poll();
        assertThat(publisher.result()).isEqualTo(CAPACITY);
    }

    @ParameterizedTest
    @EnumSource
    void theLastOfTwoReceiversToPassWakesThePublisher(ThreadKind kind) {
        SteppedCursor one = lossless(new Start.Now());
        SteppedCursor other = lossless(new Start.Now());
        fill();
        Task<Long> publisher = submit(kind);
        one.poll();
        one.poll();
        assertThat(one.poll()).isEqualTo(NoMessage.EMPTY);
        assertThat(publisher.isDone()).isFalse();
        other.poll();
        assertThat(publisher.result()).isEqualTo(CAPACITY);
    }

    @ParameterizedTest
    @EnumSource
    void anEndAnEvictionAndALagEachWakeThePublisher(ThreadKind kind) {
        List<IntConsumer> steps =
                List.of(
                        i -> {
                            SteppedCursor closed = lossless(new Start.Last(CAPACITY));
                            Task<Long> publisher = submit(kind);
                            closed.unsubscribe();
                            publisher.result();
                        },
                        i -> {
                            SteppedCursor evicted = lossless(new Start.Last(CAPACITY));
                            Task<Long> publisher = submit(kind);
                            assertThat(channel.evict(evicted.id())).isSameAs(evicted);
                            publisher.result();
                        },
                        i -> {
                            SteppedCursor lagging = lossless(new Start.Last(CAPACITY));
                            channel.publish("overwrites what it is owed");
                            Task<Long> publisher = submit(kind);
                            assertThat(lagging.poll()).isEqualTo(NoMessage.LAGGED);
                            publisher.result();
                            lagging.unsubscribe();
                        });
        fill();
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).accept(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNoticeThatAReceiverIsAbandonedWakesThePublisher(ThreadKind kind) {
        fill();
        var abandoned = new WeakReference<>(lossless(new Start.Last(CAPACITY)));
        Task<Long> publisher = submit(kind);
        Garbage.awaitCollected(abandoned);
        channel.totals(null);
        assertThat(publisher.result()).isEqualTo(CAPACITY);
    }

    @ParameterizedTest
    @EnumSource
    void theCloseOfTheChannelWakesAllThatWait(ThreadKind kind) {
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        List<Task<Long>> publishers = List.of(submit(kind), submit(kind), submit(kind));
        channel.close();
        assertThat(publishers).extracting(Task::result).containsOnly(Ring.CLOSED);
        assertThat(sequence(cursor.poll())).as("not abandoned meanwhile").isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoeverLeavesTheQueueWakesTheNext(ThreadKind kind) {
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        Task<Long> first = submit(kind);
        Task<Long> second = submit(kind);
        first.thread().interrupt();
        assertThat(first.result()).isEqualTo(Ring.INTERRUPTED);
        cursor.poll();
        assertThat(second.result()).isEqualTo(CAPACITY);
    }

    @Test
    void thePublishersOfTheTwoKindsOfThreadsDoNotWaitForOneAnother() {
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        Task<Long> virtual = submit(ThreadKind.VIRTUAL);
        Task<Long> platform = submit(ThreadKind.PLATFORM);
        cursor.poll();
        cursor.poll();
        assertThat(List.of(virtual.result(), platform.result()))
                .containsExactlyInAnyOrder((long) CAPACITY, CAPACITY + 1L);
    }

    @ParameterizedTest
    @EnumSource
    void aPublisherThatWaitsEndsTheLingerOfTheReceiverInItsWay(ThreadKind kind) {
        Channel lingering = new Channel(new NumberRing(CAPACITY), TimeUnit.HOURS.toNanos(1), false);
        SteppedCursor cursor = new SteppedCursor(lingering, new Start.Now(), Cursor.FOREVER);
        Task<Object> receiver =
                Task.start(
                                kind,
                                () -> {
                                    cursor.await(Waiter.FOREVER);
                                    return cursor.poll();
                                })
                        .untilParkedTimed();
        for (int i = 0; i < CAPACITY; i++) {
            lingering.publish(i); // wakes nobody: the receiver has not enlisted
        }
        assertThat(receiver.isDone()).isFalse();
        assertThat(lingering.submit("waits", Waiter.FOREVER)).isEqualTo(CAPACITY);
        assertThat(sequence(receiver.result())).isZero();
    }

    @Test
    void publishersThatWaitAreServedInTheirOrder() {
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        List<Task<Long>> publishers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            publishers.add(submit(ThreadKind.VIRTUAL));
        }
        for (int i = 0; i < 5; i++) {
            cursor.poll();
            assertThat(publishers.get(i).result()).isEqualTo(CAPACITY + i);
        }
    }

    @Test
    void aPublisherThatReleasesAReceiverKeepsItsPlace() {
        SteppedCursor impatient =
                new SteppedCursor(channel, new Start.Now(), TimeUnit.MILLISECONDS.toNanos(50));
        SteppedCursor cursor = lossless(new Start.Now());
        fill();
        List<Task<Long>> publishers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            publishers.add(submit(ThreadKind.VIRTUAL));
        }
        Account account = channel.receivers().find(impatient.id());
        await().until(() -> !account.isLossless());
        // Who steps aside wakes the next. So in this order: each has gone to sleep again.
        publishers.forEach(Task::untilParkedTimed);
        for (int i = 0; i < 5; i++) {
            cursor.poll();
            assertThat(publishers.get(i).result()).isEqualTo(CAPACITY + i);
        }
        assertThat(impatient.poll()).isEqualTo(NoMessage.LAGGED);
    }

    // ---- idle ----

    @Test
    void aReceiverWithTheMessageOfALagInHandHasNotHandledTheLag() {
        SteppedCursor cursor = new SteppedCursor(channel);
        for (int i = 0; i < 8; i++) {
            channel.publish(i);
        }
        assertThat(cursor.poll()).isEqualTo(NoMessage.LAGGED); // over 0 to 5, with 6 in hand
        assertThat(channel.receivers().isIdle(5)).isFalse();
        cursor.lagTold();
        cursor.poll();
        assertThat(channel.receivers().isIdle(5)).isTrue();
        assertThat(channel.receivers().isIdle(7)).as("6 is being handled").isFalse();
    }
}
