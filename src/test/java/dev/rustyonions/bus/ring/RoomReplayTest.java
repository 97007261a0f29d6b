package dev.rustyonions.bus.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Publishers that wait and lossless receivers, stopped at the steps that the argument in Room is
 * about.
 */
class RoomReplayTest {
    private static final int CAPACITY = 2;
    private static final long AT_ONCE = 0;

    private final SteppedRing ring = new SteppedRing(CAPACITY);

    private final Room room = unaided(ring);

    private final Channel channel =
            new Channel(ring, 0, false, new WaitStack(), new WaitStack(), room);

    /** Looks only when it is woken: a wake-up that is missing is not made up for. */
    private static Room unaided(Ring ring) {
        return new Room(ring) {
            @Override
            long relook(boolean first) {
                return Long.MAX_VALUE;
            }
        };
    }

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

    @Test
    void receiversThatHaveEndedLeaveTheListThoughNoPublisherEverWaits() {
        int living = 100;
        List<SteppedCursor> kept = new ArrayList<>();
        for (int i = 0; i < living; i++) {
            kept.add(lossless(new Start.Now()));
        }
        SteppedCursor before = lossless(new Start.Now());
        for (int i = 0; i < 10_000; i++) {
            SteppedCursor next = lossless(new Start.Now());
            before.unsubscribe(); // never the one that was listed last
            before = next;
        }
        Account newest = channel.receivers().find(before.id());
        assertThat(listedFrom((LosslessAccount) newest)).isBetween(living + 1, 2 * living + 2);
        assertThat(kept).allMatch(cursor -> channel.receivers().find(cursor.id()) != null);
    }

    private static int listedFrom(LosslessAccount newest) {
        int listed = 0;
        for (LosslessAccount account = newest; account != null; account = account.nextLossless) {
            listed++;
        }
        return listed;
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

    /** The run ends behind the end of a stride, not at it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStrideInARunWakesThePublisher(boolean amnesia) {
        assertThatThePublisherIsWoken(
                amnesia, cursor -> assertThat(cursor.takeRun(7, 16, message -> {})).isEqualTo(7));
    }

    @Test
    void aStrideWhoseLastHandlerThrowsWakesThePublisher() {
        assertThatThePublisherIsWoken(
                false,
                cursor ->
                        assertThatThrownBy(
                                        () ->
                                                cursor.takeRun(
                                                        7,
                                                        16,
                                                        message -> throwAtTheEndOfAStride(message)))
                                .isInstanceOf(PlantedError.class));
    }

    private static void throwAtTheEndOfAStride(Object message) {
        if (sequence(message) == 3) {
            throw new PlantedError();
        }
    }

    @Test
    void aStrideWhoseLastHandlerTakesMoreWakesThePublisher() {
        assertThatThePublisherIsWoken(
                false,
                cursor ->
                        cursor.takeRun(
                                7,
                                16,
                                message -> {
                                    if (sequence(message) == 3) {
                                        assertThat(sequence(cursor.poll())).isEqualTo(4);
                                    }
                                }));
    }

    /** Of a ring of 16, hence with strides of 4. */
    private static void assertThatThePublisherIsWoken(
            boolean amnesia, Consumer<SteppedCursor> receive) {
        Ring wide = new NumberRing(16);
        Channel own =
                new Channel(wide, 0, amnesia, new WaitStack(), new WaitStack(), unaided(wide));
        SteppedCursor cursor = new SteppedCursor(own, new Start.Now(), Cursor.FOREVER);
        for (int i = 0; i < 16; i++) {
            own.publish(i);
        }
        Task<Long> publisher =
                Task.start(ThreadKind.VIRTUAL, () -> own.submit("waits", Waiter.FOREVER))
                        .untilParkedTimed();
        receive.accept(cursor);
        assertThat(publisher.result()).isEqualTo(16);
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
    @CsvSource({"VIRTUAL, 1", "PLATFORM, 1", "VIRTUAL, 20"})
    void aPublisherThatWaitsEndsTheLingerOfEachReceiverInItsWay(ThreadKind kind, int receivers) {
        Channel lingering = new Channel(new NumberRing(CAPACITY), TimeUnit.HOURS.toNanos(1), false);
        List<Task<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            SteppedCursor cursor = new SteppedCursor(lingering, new Start.Now(), Cursor.FOREVER);
            Callable<Object> receiveOne =
                    () -> {
                        cursor.await(Waiter.FOREVER);
                        return cursor.poll();
                    };
            tasks.add(Task.start(kind, receiveOne).untilParkedTimed());
        }
        for (int i = 0; i < CAPACITY; i++) {
            lingering.publish(i); // wakes nobody: no receiver has enlisted
        }
        assertThat(tasks).noneMatch(Task::isDone);
        Task<Long> publisher = Task.start(kind, () -> lingering.submit("waits", Waiter.FOREVER));
        assertThat(publisher.result()).isEqualTo(CAPACITY);
        assertThat(tasks).allMatch(task -> sequence(task.result()) == 0);
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
