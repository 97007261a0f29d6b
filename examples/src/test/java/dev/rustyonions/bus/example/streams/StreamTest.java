package dev.rustyonions.bus.example.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.flow.LagException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** What a user of a bus can count on in each library of streams. */
@Timeout(60) // a hang is a failure
abstract class StreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The thread behind an operator that takes elements ahead. */
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    /** Subscribes; what it returns cancels. */
    abstract Runnable events(
            Bus<Integer> bus, Consumer<SubscribeOptions<Integer>> options, Seen<Integer> seen);

    /** As above, of messages and lags. */
    abstract Runnable received(
            Bus<Integer> bus,
            Consumer<SubscribeOptions<Integer>> options,
            Seen<Received<Integer>> seen);

    /** One stream with a retry after each lag; what it returns subscribes to it. */
    abstract Consumer<Seen<Integer>> eventsAcrossLags(Bus<Integer> bus, LongConsumer onLag);

    /** As {@code events}, behind the operator that hands elements to another thread. */
    abstract Runnable eventsOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen);

    /** How many elements that operator takes ahead. */
    abstract int takenAhead();

    /** As {@code events}, with the operator that subscribes in another thread. */
    abstract Runnable eventsSubscribedOn(
            ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen);

    /** What a subscriber was given. */
    static final class Seen<T> {
        final List<T> elements = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch first = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);

        /** Holds the subscriber in each element as long as it is shut. */
        final CountDownLatch goOn;

        volatile @Nullable Throwable error;
        volatile boolean inVirtualThreads = true;

        Seen() {
            this(0);
        }

        private Seen(int shut) {
            goOn = new CountDownLatch(shut);
        }

        static <T> Seen<T> held() {
            return new Seen<>(1);
        }

        void next(T element) {
            inVirtualThreads &= Thread.currentThread().isVirtual();
            elements.add(element);
            first.countDown();
            open(goOn);
        }

        void failed(Throwable e) {
            error = e;
            ended.countDown();
        }

        void completed() {
            ended.countDown();
        }

        void awaitCompletion() {
            open(ended);
            assertThat(error).isNull();
        }
    }

    private static void open(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("opened").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Without the log's warnings of lags. */
    private static Bus<Integer> bus(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void awaitNoReceiver(Bus<?> bus) {
        await().atMost(PATIENCE).until(() -> bus.stats().receivers() == 0);
    }

    @AfterEach
    void endTheOtherThread() {
        other.shutdownNow();
    }

    @Test
    void everyEventIsGivenInOrderByAVirtualThreadAndTheCloseOfTheBusCompletesTheStream() {
        Seen<Integer> seen = new Seen<>();
        Bus<Integer> bus = bus(1024);
        events(bus, o -> {}, seen);
        numbers(0, 1000).forEach(bus::publish);
        bus.close();
        seen.awaitCompletion();
        assertThat(seen.elements).isEqualTo(numbers(0, 1000));
        assertThat(seen.inVirtualThreads).isTrue();
        awaitNoReceiver(bus);
    }

    @Test
    void aLagEndsAStreamOfEventsByAnErrorWithTheCount() {
        Seen<Integer> seen = new Seen<>();
        try (Bus<Integer> bus = bus(2)) {
            bus.publishMany(numbers(0, 5));
            events(bus, o -> o.from(0), seen);
            open(seen.ended);
            assertThat(seen.elements).isEmpty();
            assertThat(seen.error)
                    .isInstanceOfSatisfying(
                            LagException.class, lag -> assertThat(lag.missed()).isEqualTo(3));
            awaitNoReceiver(bus);
        }
    }

    @Test
    void aLagIsAnElementOfAStreamOfWhatIsReceived() {
        Seen<Received<Integer>> seen = new Seen<>();
        Bus<Integer> bus = bus(2);
        bus.publishMany(numbers(0, 5));
        received(bus, o -> o.from(0), seen);
        bus.close();
        seen.awaitCompletion();
        assertThat(seen.elements)
                .containsExactly(new Lagged<>(0, 3), new Message<>(3, 3), new Message<>(4, 4));
    }

    @Test
    void aRetryAfterALagGoesOnBehindWhatWasMissed() {
        Seen<Integer> seen = Seen.held();
        List<Long> lags = Collections.synchronizedList(new ArrayList<>());
        Bus<Integer> bus = bus(2);
        eventsAcrossLags(bus, lags::add).accept(seen);
        bus.publish(0);
        open(seen.first);
        bus.publishMany(numbers(1, 6));
        bus.close();
        seen.goOn.countDown();
        seen.awaitCompletion();
        assertThat(seen.elements).containsExactly(0, 4, 5);
        assertThat(lags).containsExactly(3L);
        awaitNoReceiver(bus);
    }

    @Test
    void eachSubscriberOfOneStreamThatRetriesHasAPlaceOfItsOwn() {
        Seen<Integer> early = Seen.held();
        Seen<Integer> late = new Seen<>();
        List<Long> lags = Collections.synchronizedList(new ArrayList<>());
        Bus<Integer> bus = bus(4);
        Consumer<Seen<Integer>> stream = eventsAcrossLags(bus, lags::add);
        stream.accept(early);
        bus.publish(0);
        open(early.first);
        bus.publishMany(numbers(1, 7));
        early.goOn.countDown();
        await().atMost(PATIENCE).until(() -> early.elements.equals(List.of(0, 3, 4, 5, 6)));
        stream.accept(late);
        bus.publish(7);
        bus.close();
        early.awaitCompletion();
        late.awaitCompletion();
        assertThat(late.elements).containsExactly(7);
        assertThat(early.elements).containsExactly(0, 3, 4, 5, 6, 7);
        assertThat(lags).containsExactly(2L);
    }

    @Test
    void aCancelEndsTheReceiver() {
        Seen<Integer> seen = new Seen<>();
        try (Bus<Integer> bus = bus(16)) {
            Runnable cancel = events(bus, o -> {}, seen);
            bus.publish(0);
            open(seen.first);
            assertThat(bus.stats().receivers()).isOne();
            cancel.run();
            awaitNoReceiver(bus);
            bus.publish(1);
            assertThat(seen.elements).containsExactly(0);
            assertThat(seen.ended.getCount()).as("nothing is told any more").isOne();
        }
    }

    @Test
    void aSlowSubscriberIsItselfWhatFallsBehind() {
        Seen<Integer> seen = Seen.held();
        try (Bus<Integer> bus = bus(16)) {
            events(bus, o -> {}, seen);
            bus.publishMany(numbers(0, 16));
            open(seen.first);
            assertThat(bus.receivers().getFirst().delivered()).isOne();
            assertThat(bus.stats().depth()).isEqualTo(15);
            seen.goOn.countDown();
        }
        seen.awaitCompletion();
        assertThat(seen.elements).isEqualTo(numbers(0, 16));
    }

    @Test
    void whatAnOperatorTakesAheadCountsAsDeliveredThoughNothingHasBeenHandled() {
        Seen<Integer> seen = Seen.held();
        try (Bus<Integer> bus = bus(512)) {
            eventsOn(other, bus, seen);
            bus.publishMany(numbers(0, 512));
            open(seen.first);
            // those for the operator, and one that the receiver has in hand without demand
            await().atMost(PATIENCE)
                    .until(() -> bus.receivers().getFirst().delivered() == takenAhead() + 1);
            assertThat(bus.stats().depth()).isEqualTo(512 - takenAhead() - 1);
            assertThat(seen.elements).containsExactly(0);
            assertThat(seen.inVirtualThreads).isFalse();
            seen.goOn.countDown();
        }
        seen.awaitCompletion();
        assertThat(seen.elements).isEqualTo(numbers(0, 512));
    }

    @Test
    void anOperatorThatSubscribesInAnotherThreadLeavesTheElementsToTheVirtualThread() {
        Seen<Integer> seen = new Seen<>();
        try (Bus<Integer> bus = bus(16)) {
            eventsSubscribedOn(other, bus, seen);
            await().atMost(PATIENCE).until(() -> bus.receivers().size() == 1);
            bus.publish(0);
            open(seen.first);
            assertThat(seen.inVirtualThreads).isTrue();
        }
        seen.awaitCompletion();
    }

    @Test
    void aLosslessSubscriberMissesNothingIfPublishersWait() {
        Seen<Integer> seen = new Seen<>();
        Bus<Integer> bus = bus(4);
        events(bus, o -> o.lossless(), seen);
        numbers(0, 5_000).forEach(bus::submit);
        bus.close();
        seen.awaitCompletion();
        assertThat(seen.elements).isEqualTo(numbers(0, 5_000));
    }

    @Test
    void aHundredSubscribersAtOnceEachGetEverything() {
        List<Seen<Integer>> all = new ArrayList<>();
        Bus<Integer> bus = bus(256);
        for (int i = 0; i < 100; i++) {
            Seen<Integer> seen = new Seen<>();
            events(bus, o -> {}, seen);
            all.add(seen);
        }
        numbers(0, 200).forEach(bus::publish);
        bus.close();
        for (Seen<Integer> seen : all) {
            seen.awaitCompletion();
            assertThat(seen.elements).isEqualTo(numbers(0, 200));
        }
        awaitNoReceiver(bus);
    }
}
