package dev.rustyonions.bus.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.ForkedJvm;
import dev.rustyonions.bus.fixture.Latches;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What goes wrong in one receiver is noticed by no other and by no publisher. */
@Timeout(120)
@SuppressWarnings("try") // a close in the middle is the point of some tests
class IsolationTest {
    private static final int OTHERS = 200;

    private static <E> Bus<E> quiet(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    private static Thread.Builder threads(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    /** Waits until as many threads are parked in the bus as it has receivers. */
    private static void awaitParked(List<Thread> threads) {
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    }

    @Test
    void anOutOfMemoryErrorInAHandlerEndsItsLoopAlone() throws Exception {
        Bus<Tick> bus = quiet(1024);
        List<Follower> followers = Follower.start(OTHERS, bus, Thread.ofVirtual());
        Receiver<Tick> failing = bus.subscribe();
        for (int i = 0; i < 50; i++) {
            FutureTask<Object> victim =
                    new FutureTask<>(
                            () ->
                                    failing.consume(
                                            tick -> {
                                                throw new OutOfMemoryError("planted");
                                            },
                                            missed -> {}));
            Thread.ofVirtual().start(victim);
            Tick tick = new Tick(OTHERS);
            bus.publish(tick);
            tick.awaitHandled();
            assertThatThrownBy(() -> victim.get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(failing.delivered()).isEqualTo(50);
        assertThat(failing.missed()).isZero();
        bus.close();
        for (Follower follower : followers) {
            assertThat(follower.missedAtEnd()).isZero();
        }
    }

    /**
     * Whichever receiver is woken first: it has served the others by the time its handler stalls.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverIsWokenFirstMayStallInItsHandler(boolean virtual) throws Exception {
        for (int round = 0; round < Effort.of(5, 20); round++) {
            try (Bus<Tick> bus = quiet(2)) {
                CountDownLatch stall = new CountDownLatch(1);
                AtomicBoolean stalled = new AtomicBoolean();
                List<Receiver<Tick>> receivers = new ArrayList<>();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < OTHERS + 1; i++) {
                    Receiver<Tick> receiver = bus.subscribe();
                    receivers.add(receiver);
                    threads.add(
                            threads(virtual)
                                    .start(
                                            () -> {
                                                if (receiver.recv() instanceof Message<Tick> m) {
                                                    if (stalled.compareAndSet(false, true)) {
                                                        Latches.await(stall);
                                                    }
                                                    m.event().handled();
                                                }
                                            }));
                }
                awaitParked(threads);
                Tick tick = new Tick(OTHERS);
                bus.publish(tick);
                tick.awaitHandled();
                assertThat(receivers.stream().mapToLong(Receiver::delivered).sum())
                        .isEqualTo(OTHERS + 1);
                stall.countDown();
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }
    }

    /**
     * In a JVM of its own, where no thread of another test needs a carrier or makes the scheduler
     * add one.
     */
    @Test
    void withAllCarriersBusyPublishersAndPlatformThreadsGoOn(@TempDir Path directory)
            throws Exception {
        List<String> options =
                List.of(
                        "-Djdk.virtualThreadScheduler.parallelism=" + BusyCarriers.CARRIERS,
                        "-Djdk.virtualThreadScheduler.maxPoolSize=" + BusyCarriers.CARRIERS,
                        "-Xlog:disable");
        ForkedJvm.Outcome run = ForkedJvm.run(directory, BusyCarriers.class, options);
        assertThat(run.printed()).isEqualTo("got on\n");
        assertThat(run.exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void overwrittenFlatOutEveryAccountIsExact(boolean latest) throws Exception {
        int publishers = 2;
        int each = 300_000;
        int readers = 4;
        try (Bus<Integer> bus = quiet(2)) {
            List<FutureTask<long[]>> accounts = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                Receiver<Integer> receiver =
                        bus.subscribe(
                                o -> {
                                    if (latest) {
                                        o.latestOnLag();
                                    }
                                });
                FutureTask<long[]> account = new FutureTask<>(() -> account(receiver));
                accounts.add(account);
                threads(i % 2 == 0).start(account);
            }
            List<FutureTask<Long>> accepted = new ArrayList<>();
            for (int i = 0; i < publishers; i++) {
                FutureTask<Long> task =
                        new FutureTask<>(
                                () -> {
                                    long count = 0;
                                    for (int n = 0; n < each; n++) {
                                        if (bus.publishSequenced(n) >= 0) {
                                            count++;
                                        }
                                    }
                                    return count;
                                });
                accepted.add(task);
                Thread.ofPlatform().daemon().start(task);
            }
            long total = 0;
            for (FutureTask<Long> task : accepted) {
                total += task.get();
            }
            bus.close();
            long missed = 0;
            for (FutureTask<long[]> account : accounts) {
                long[] seen = account.get(20, TimeUnit.SECONDS);
                assertThat(seen[0] + seen[1]).isEqualTo(total);
                missed += seen[1];
            }
            assertThat(missed).isPositive();
            assertThat(bus.stats().missed()).isEqualTo(missed);
        }
    }

    /** Handled and missed, as the handler was told; fails at a gap that no lag has told of. */
    private static long[] account(Receiver<Integer> receiver) {
        long next = 0;
        long handled = 0;
        long missed = 0;
        while (true) {
            var received = receiver.recv();
            if (received instanceof Message<Integer>(long sequence, Integer event)) {
                assertThat(sequence).isEqualTo(next);
                next++;
                handled++;
            } else if (received instanceof Lagged<Integer>(long from, long lost)) {
                assertThat(from).isEqualTo(next);
                next += lost;
                missed += lost;
            } else {
                return new long[] {handled, missed};
            }
        }
    }
}
