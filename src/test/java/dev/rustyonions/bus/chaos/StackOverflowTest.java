package dev.rustyonions.bus.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A stack that overflows anywhere inside a call hurts its caller alone. */
@Timeout(120)
class StackOverflowTest {
    private static final int OTHERS = 299;
    private static final int DESCENTS = Effort.of(2, 4);
    private static final int RECEIVERS = 1000;

    private static <E> Bus<E> quiet(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    private static Thread.Builder threads(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon().stackSize(256 * 1024);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepCallerOfRecvStrandsNobody(boolean virtual) throws Exception {
        Bus<Tick> bus = quiet(1024);
        List<Follower> followers = Follower.start(OTHERS, bus, threads(virtual));
        Receiver<Tick> deep = bus.subscribe();
        FutureTask<Integer> victim =
                new FutureTask<>(
                        () -> {
                            int overflows = 0;
                            for (int i = 0; i < DESCENTS; i++) {
                                overflows +=
                                        DeepStack.overflows(
                                                20,
                                                () -> deep.recvTimeout(Duration.ofNanos(200_000)));
                            }
                            return overflows;
                        });
        threads(virtual).start(victim);
        while (!victim.isDone()) {
            publish(bus);
        }
        assertThat(victim.get()).isGreaterThan(DESCENTS);
        while (!(deep.tryRecv() instanceof Empty)) {}
        FutureTask<?> once = new FutureTask<>(deep::recv);
        threads(virtual).start(once);
        publish(bus);
        assertThat(once.get(20, TimeUnit.SECONDS)).isInstanceOf(Message.class);
        assertNothingMissed(bus, followers);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepCallerOfPublishStrandsNobody(boolean virtual) throws Exception {
        Bus<Tick> bus = quiet(65536);
        List<Follower> followers = Follower.start(OTHERS, bus, threads(virtual));
        for (int i = 0; i < DESCENTS; i++) {
            FutureTask<Integer> victim =
                    new FutureTask<>(() -> DeepStack.overflows(20, () -> bus.publish(new Tick(0))));
            threads(virtual).start(victim);
            assertThat(victim.get()).isPositive();
            publish(bus);
        }
        assertNothingMissed(bus, followers);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepCallerThatWaitsForRoomLeavesNoPublisherBehindItWaiting(boolean virtual)
            throws Exception {
        try (Bus<Integer> bus = quiet(2);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.publishMany(List.of(0, 1));
            FutureTask<Integer> deep =
                    new FutureTask<>(
                            () ->
                                    DeepStack.overflows(
                                            20, () -> bus.offer(2, Duration.ofNanos(100_000))));
            threads(virtual).start(deep);
            FutureTask<Long> behind = new FutureTask<>(() -> bus.submit(3));
            threads(virtual).start(behind);
            assertThat(deep.get(60, TimeUnit.SECONDS)).isPositive();
            assertThat(rx.recv()).isEqualTo(new Message<>(0, 0));
            assertThat(behind.get(20, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(bus.stats().publishersWaiting()).isZero();
            assertThat(bus.stats().published()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepLosslessReceiverHasNoGapAndHoldsNobodyUpForEver(boolean virtual) throws Exception {
        int events = 200;
        try (Bus<Integer> bus = quiet(8)) {
            Receiver<Integer> deep = bus.subscribe(SubscribeOptions::lossless);
            FutureTask<Sequel> victim =
                    new FutureTask<>(
                            () -> {
                                Sequel sequel = new Sequel();
                                while (sequel.next() < events) {
                                    DeepStack.overflows(
                                            20,
                                            () -> {
                                                Polled<Integer> polled = deep.tryRecv();
                                                sequel.kept[sequel.keeps] = polled;
                                                sequel.keeps++;
                                            });
                                    sequel.enterKept();
                                }
                                return sequel;
                            });
            threads(virtual).start(victim);
            for (int i = 0; i < events; i++) {
                assertThat(bus.offer(i, Duration.ofSeconds(20))).isEqualTo(i);
            }
            assertThat(victim.get(60, TimeUnit.SECONDS).gaps()).isZero();
            assertThat(deep.missed()).isZero();
            deep.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepReceiverHasNoGapThatNoLagHasToldOf(boolean lagging) {
        DeepPairs.Outcome outcome = DeepPairs.run(lagging, DESCENTS);
        assertThat(outcome.gaps()).isZero();
        assertThat(outcome.uncounted()).isZero();
    }

    /** A compiler may make one frame of the pair and its caller: then nothing strikes between. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeepReceiverHasNoGapWhereverInAReceiveTheOverflowStrikes(
            boolean lagging, @TempDir Path directory) throws Exception {
        ForkedJvm.Outcome run =
                ForkedJvm.run(directory, DeepPairs.class, List.of("-Xint"), "" + lagging);
        assertThat(run.printed()).matches("struck [1-9]\\d*, gaps 0, uncounted 0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-Xmixed", "-XX:TieredStopAtLevel=1"})
    void aDeepReceiverHasNoGapWhateverTheCompilerHasDone(String jit, @TempDir Path directory)
            throws Exception {
        // What is interpreted does not warm up.
        int most = jit.equals("-Xint") ? 1 : Effort.of(1, 3);
        for (String warmUp : List.of("1000", "150", "5000").subList(0, most)) {
            ForkedJvm.Outcome run =
                    ForkedJvm.run(directory, DeepReceives.class, List.of(jit), warmUp);
            assertThat(run.printed()).matches("overflows [1-9]\\d*, gaps 0, uncounted 0\n");
        }
    }

    @Test
    void aBatchWhoseCloseOverflowsLosesNothingAndIsClosedByTheNextClose() {
        try (Bus<Integer> bus = quiet(1024)) {
            Receiver<Integer> parked = bus.subscribe();
            Thread reader = Thread.ofVirtual().start(() -> parked.consume(n -> {}, missed -> {}));
            for (int i = 0; i < Effort.of(4, 20); i++) {
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> reader.getState() == Thread.State.WAITING);
                long before = bus.stats().published();
                Batch<Integer> batch = bus.batch();
                for (int n = 0; n < 5; n++) {
                    batch.add(n);
                }
                assertThat(DeepStack.overflows(1, batch::close)).isPositive();
                assertThat(batch.accepted()).isEqualTo(5);
                assertThat(bus.stats().published()).isEqualTo(before + 5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void aCloseThatOverflowsLeavesTheMessageThatALagEndedAt(int overflows) {
        try (Bus<Integer> bus = quiet(2)) {
            Receiver<Integer> rx = bus.subscribe();
            publish(bus, 5);
            assertThat(rx.tryRecv()).isEqualTo(new Lagged<Integer>(0, 3));
            int[] left = {overflows};
            int struck =
                    DeepStack.overflows(
                            overflows,
                            () -> {
                                if (left[0] > 0) {
                                    left[0]--;
                                    rx.close();
                                }
                            });
            // Where no close got through, the receiver goes on as if none had been called.
            assertThat(struck).isPositive();
            if (bus.stats().receivers() == 1) {
                assertThat(rx.tryRecv()).isEqualTo(new Message<>(3, 3));
                assertThat(rx.tryRecv()).isEqualTo(new Message<>(4, 4));
                assertThat(rx.delivered() + rx.missed()).isEqualTo(5);
                assertThat(rx.depth()).isZero();
            }
            rx.close();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    private static void publish(Bus<Integer> bus, int events) {
        for (int n = 0; n < events; n++) {
            bus.publish(n);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatADeepCallerPublishedReachesTheParked(boolean virtual) throws Exception {
        try (Bus<Tick> bus = quiet(65536)) {
            Receiver<Tick> receiver = bus.subscribe();
            Runnable reading = () -> receiver.consume(Tick::handled, missed -> {});
            Thread reader = threads(virtual).start(reading);
            for (int i = 0; i < DESCENTS; i++) {
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> reader.getState() == Thread.State.WAITING);
                long before = bus.stats().published();
                Tick tick = new Tick(1);
                Runnable publishOnce =
                        () -> {
                            if (bus.stats().published() == before) {
                                bus.publish(tick);
                            }
                        };
                FutureTask<Integer> victim =
                        new FutureTask<>(() -> DeepStack.overflows(1, publishOnce));
                threads(virtual).start(victim);
                assertThat(victim.get()).isPositive();
                tick.awaitHandled();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deepCallersOfSubscribeAndCloseLeaveTheCountRight(boolean closing) {
        try (Bus<Tick> bus = quiet(2)) {
            for (int i = 0; i < DESCENTS; i++) {
                List<Receiver<Tick>> receivers = new ArrayList<>(RECEIVERS);
                while (closing && receivers.size() < RECEIVERS) {
                    receivers.add(bus.subscribe());
                }
                int[] closed = new int[1];
                DeepStack.overflows(
                        20,
                        () -> {
                            if (closing) {
                                receivers.get(closed[0]++ % RECEIVERS).close();
                            } else {
                                receivers.add(bus.subscribe());
                            }
                        });
                receivers.forEach(Receiver::close);
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                System.gc();
                                assertThat(bus.stats().receivers()).isZero();
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFilterThatOverflowsTheStackHurtsItsReceiverAlone(boolean virtual) throws Exception {
        Bus<Tick> bus = quiet(1024);
        List<Follower> followers = Follower.start(OTHERS, bus, threads(virtual));
        Receiver<Tick> filtering = bus.subscribe(o -> o.filter(StackOverflowTest::recurse));
        FutureTask<Integer> victim =
                new FutureTask<>(
                        () -> {
                            int overflows = 0;
                            while (true) {
                                try {
                                    if (filtering.recv() instanceof Closed) {
                                        return overflows;
                                    }
                                } catch (StackOverflowError e) {
                                    overflows++;
                                }
                            }
                        });
        threads(virtual).start(victim);
        for (int i = 0; i < 100; i++) {
            publish(bus);
        }
        assertNothingMissed(bus, followers);
        assertThat(victim.get(20, TimeUnit.SECONDS)).isEqualTo(100);
        assertThat(filtering.filtered()).isEqualTo(100);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static boolean recurse(Tick tick) {
        return !recurse(tick) || tick == null;
    }

    private static void publish(Bus<Tick> bus) throws InterruptedException {
        Tick tick = new Tick(OTHERS);
        bus.publish(tick);
        tick.awaitHandled();
    }

    private static void assertNothingMissed(Bus<Tick> bus, List<Follower> followers)
            throws Exception {
        long published = bus.stats().published();
        bus.close();
        for (Follower follower : followers) {
            assertThat(follower.missedAtEnd()).isZero();
            assertThat(follower.next()).isEqualTo(published);
        }
    }
}
