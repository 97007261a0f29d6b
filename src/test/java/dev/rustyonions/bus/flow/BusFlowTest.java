package dev.rustyonions.bus.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;

/** A bus as a publisher of Reactive Streams. */
@SuppressWarnings("try") // closed early, so that streams end
class BusFlowTest {
    private final List<Thread> tasks = Collections.synchronizedList(new ArrayList<>());

    private Executor threads(ThreadKind kind) {
        return task -> {
            Thread thread = kind.unstarted(task);
            tasks.add(thread);
            thread.start();
        };
    }

    /** Keeps what it is given; requests so many at the beginning. */
    private static class Kept<T> implements Flow.Subscriber<T> {
        final List<T> given = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch ended = new CountDownLatch(1);
        private final long first;
        volatile @Nullable Throwable error;
        volatile Flow.@Nullable Subscription subscription;

        Kept(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription of) {
            subscription = of;
            if (first > 0) {
                of.request(first);
            }
        }

        @Override
        public void onNext(T element) {
            given.add(element);
        }

        @Override
        public void onError(Throwable e) {
            error = e;
            ended.countDown();
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }

        void request(long n) {
            Flow.Subscription of = subscription;
            assertThat(of).isNotNull();
            of.request(n);
        }

        void cancel() {
            Flow.Subscription of = subscription;
            assertThat(of).isNotNull();
            of.cancel();
        }
    }

    private void awaitTasks() {
        for (Thread task : List.copyOf(tasks)) {
            try {
                assertThat(task.join(Task.PATIENCE)).as("the task has ended").isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEventPublishedIsGivenAndThenTheEnd(ThreadKind kind) {
        Kept<Integer> kept = new Kept<>(Long.MAX_VALUE);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 16)) {
            BusFlow.events(bus, threads(kind)).subscribe(kept);
            bus.publishMany(List.of(1, 2, 3));
        }
        Latches.await(kept.ended);
        assertThat(kept.given).containsExactly(1, 2, 3);
        assertThat(kept.error).isNull();
        awaitTasks();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsGivenWithoutDemandAndTheEndOfTheBusIsTold(ThreadKind kind) {
        Kept<Integer> waits = new Kept<>(0);
        Kept<Integer> empty = new Kept<>(0);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 16)) {
            BusFlow.events(bus, threads(kind)).subscribe(waits);
            bus.publishMany(List.of(1, 2));
            BusFlow.events(bus, threads(kind)).subscribe(empty);
        }
        Latches.await(empty.ended);
        assertThat(waits.given).isEmpty();
        waits.request(1);
        waits.request(1);
        Latches.await(waits.ended);
        assertThat(waits.given).containsExactly(1, 2);
        awaitTasks();
    }

    @ParameterizedTest
    @EnumSource
    void oneWhoWantsOneAtATimeGetsOneAtATime(ThreadKind kind) {
        Kept<Integer> kept =
                new Kept<>(1) {
                    @Override
                    public void onNext(Integer element) {
                        super.onNext(element);
                        request(1);
                    }
                };
        List<Integer> events = new ArrayList<>();
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 1024)) {
            BusFlow.events(bus, threads(kind)).subscribe(kept);
            for (int i = 0; i < 1000; i++) {
                bus.publish(i);
                events.add(i);
            }
        }
        Latches.await(kept.ended);
        assertThat(kept.given).isEqualTo(events);
        awaitTasks();
    }

    @ParameterizedTest
    @EnumSource
    void aLagEndsAStreamOfEventsByAnErrorWithTheCount(ThreadKind kind) {
        Kept<Integer> kept = new Kept<>(0);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            bus.publishMany(List.of(0, 1, 2, 3, 4));
            BusFlow.events(bus, threads(kind), o -> o.from(0)).subscribe(kept);
            kept.request(5);
            Latches.await(kept.ended);
            assertThat(kept.error)
                    .isInstanceOfSatisfying(
                            LagException.class,
                            lag -> {
                                assertThat(lag.from()).isZero();
                                assertThat(lag.missed()).isEqualTo(3);
                                assertThat(lag).hasMessage("missed 3 messages from sequence 0 on");
                            });
            awaitTasks();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLagIsAnElementOfAStreamOfWhatIsReceived(ThreadKind kind) {
        Kept<Received<Integer>> kept = new Kept<>(Long.MAX_VALUE);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            bus.publishMany(List.of(0, 1, 2, 3, 4));
            BusFlow.received(bus, threads(kind), o -> o.from(0)).subscribe(kept);
        }
        Latches.await(kept.ended);
        assertThat(kept.given)
                .containsExactly(new Lagged<>(0, 3), new Message<>(3, 3), new Message<>(4, 4));
        awaitTasks();
    }

    @ParameterizedTest
    @EnumSource
    void aCancelEndsTheReceiverThoughItWaitsForAMessageOrForDemand(ThreadKind kind) {
        Kept<Integer> inReceive = new Kept<>(1);
        Kept<Integer> forDemand = new Kept<>(0);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, threads(kind)).subscribe(inReceive);
            inReceive.cancel();
            awaitTasks();
            bus.publish(0);
            BusFlow.events(bus, threads(kind), SubscribeOptions::oldest).subscribe(forDemand);
            forDemand.cancel();
            forDemand.cancel();
            awaitTasks();
            assertThat(bus.stats().receivers()).isZero();
            assertThat(inReceive.ended.getCount()).as("nothing is told any more").isOne();
            assertThat(forDemand.given).isEmpty();
        }
    }

    @Test
    void anExecutorThatRefusesIsToldAsAnErrorAndLeavesNoReceiver() {
        Kept<Integer> kept = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(
                            bus,
                            task -> {
                                throw new RejectedExecutionException("full");
                            })
                    .subscribe(kept);
            assertThat(kept.error).isInstanceOf(RejectedExecutionException.class);
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void anExecutorThatFailsIsToldAsAnErrorToo() {
        Kept<Integer> kept = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            Executor failing =
                    task -> {
                        throw new InternalError("no thread");
                    };
            BusFlow.events(bus, failing, SubscribeOptions::lossless).subscribe(kept);
            assertThat(kept.error).isInstanceOf(InternalError.class);
            assertThat(bus.stats().receivers()).as("who holds up publishers").isZero();
        }
    }

    @Test
    void aSubscriberThatCancelsAtOnceIsToldNothingOfTheExecutor() {
        Kept<Integer> cancels =
                new Kept<>(0) {
                    @Override
                    public void onSubscribe(Flow.Subscription of) {
                        of.cancel();
                    }
                };
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(
                            bus,
                            task -> {
                                throw new RejectedExecutionException("full");
                            })
                    .subscribe(cancels);
            assertThat(cancels.error).isNull();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void whatASubscriberThrowsInTheThreadThatSubscribesIsThrownThere() {
        Kept<Integer> failing =
                new Kept<>(1) {
                    @Override
                    public void onNext(Integer element) {
                        throw new ArithmeticException("no");
                    }
                };
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            bus.publish(1);
            assertThatThrownBy(
                            () ->
                                    BusFlow.events(bus, Runnable::run, SubscribeOptions::oldest)
                                            .subscribe(failing))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(failing.error).isNull();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    /** Throws what need not be declared in some languages. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> boolean refuse(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @ParameterizedTest
    @EnumSource
    void aCheckedExceptionThatAFilterThrowsEndsTheStreamToo(ThreadKind kind) {
        Kept<Integer> kept = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, threads(kind), o -> o.filter(n -> refuse(new IOException("no"))))
                    .subscribe(kept);
            bus.publish(1);
            Latches.await(kept.ended);
            assertThat(kept.error).isInstanceOf(IOException.class);
            awaitTasks();
        }
    }

    @Test
    void optionsThatTheBusRefusesAreToldAsAnErrorAndNotThrown() {
        Kept<Integer> kept = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, Runnable::run, o -> o.from(99)).subscribe(kept);
            assertThat(kept.error)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from(99)");
            kept.request(1);
            kept.cancel();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriberThatThrowsIsCancelledAndItsReceiverEnds(ThreadKind kind) {
        CountDownLatch uncaught = new CountDownLatch(1);
        Kept<Integer> kept =
                new Kept<>(9) {
                    @Override
                    public void onNext(Integer element) {
                        Thread.currentThread()
                                .setUncaughtExceptionHandler((thread, e) -> uncaught.countDown());
                        throw new IllegalStateException("planted");
                    }
                };
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, threads(kind)).subscribe(kept);
            bus.publish(0);
            Latches.await(uncaught);
            awaitTasks();
            assertThat(bus.stats().receivers()).isZero();
            assertThat(kept.ended.getCount()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestOfNothingEndsTheStreamByAnError(ThreadKind kind) {
        Kept<Integer> kept = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, threads(kind)).subscribe(kept);
            kept.request(0);
            Latches.await(kept.ended);
            assertThat(kept.error)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("request(0)");
            awaitTasks();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEvictionAndAnInterruptEndTheStreamByAnError(ThreadKind kind) {
        Kept<Integer> evicted = new Kept<>(1);
        Kept<Integer> interrupted = new Kept<>(1);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 2)) {
            BusFlow.events(bus, threads(kind)).subscribe(evicted);
            bus.evict(bus.receivers().getFirst().id());
            Latches.await(evicted.ended);
            assertThat(evicted.error)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("evicted");
            BusFlow.events(bus, threads(kind)).subscribe(interrupted);
            tasks.getLast().interrupt();
            Latches.await(interrupted.ended);
            assertThat(interrupted.error)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("interrupted");
            awaitTasks();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAFilterOrAKeyFunctionThrowsEndsTheStreamByThatError(ThreadKind kind) {
        Kept<Integer> filtering = new Kept<>(Long.MAX_VALUE);
        Kept<Integer> conflating = new Kept<>(Long.MAX_VALUE);
        Executor threads = threads(kind);
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 8)) {
            bus.publishMany(List.of(1, 0, 2)); // a key is asked for where several wait
            BusFlow.events(bus, threads, o -> o.oldest().filter(n -> 6 / n > 0))
                    .subscribe(filtering);
            BusFlow.events(bus, threads, o -> o.oldest().conflateBy(n -> 6 / n))
                    .subscribe(conflating);
            Latches.await(filtering.ended);
            Latches.await(conflating.ended);
            assertThat(filtering.error).isInstanceOf(ArithmeticException.class);
            assertThat(conflating.error).isInstanceOf(ArithmeticException.class);
            assertThat(filtering.given).containsExactly(1);
            assertThat(conflating.given).containsExactly(1);
            awaitTasks();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void aThousandSubscribersEachGetEverything() {
        List<Kept<Integer>> all = new ArrayList<>();
        List<Integer> events = new ArrayList<>();
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 1024)) {
            Flow.Publisher<Integer> publisher = BusFlow.events(bus, threads(ThreadKind.VIRTUAL));
            for (int i = 0; i < 1000; i++) {
                Kept<Integer> kept = new Kept<>(Long.MAX_VALUE);
                publisher.subscribe(kept);
                all.add(kept);
            }
            for (int i = 0; i < 50; i++) {
                bus.publish(i);
                events.add(i);
            }
        }
        for (Kept<Integer> kept : all) {
            Latches.await(kept.ended);
            assertThat(kept.given).isEqualTo(events);
        }
        awaitTasks();
    }
}
