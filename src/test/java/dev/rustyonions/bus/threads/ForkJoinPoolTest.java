package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Receivers that wait in threads of a fork-join pool, which has other tasks to run. */
class ForkJoinPoolTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static void assertGiven(Future<? extends Polled<Integer>> received) throws Exception {
        assertThat(received.get(Task.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(new Message<>(0, 7));
    }

    @EachMode
    void thePoolRunsThePublishingTaskThoughAllItsThreadsWaitInReceive(Mode mode) throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                ForkJoinPool pool = new ForkJoinPool(1)) {
            List<ForkJoinTask<? extends Polled<Integer>>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Receiver<Integer> rx = bus.subscribe();
                boolean timed = i % 2 == 0;
                tasks.add(pool.submit(() -> timed ? rx.recvTimeout(LONG) : rx.recv()));
            }
            Future<Integer> publishing = pool.submit(() -> bus.publish(7));
            assertThat(publishing.get(Task.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(4);
            for (Future<? extends Polled<Integer>> task : tasks) {
                assertGiven(task);
            }
        }
    }

    @EachMode
    void thePoolRunsTheReceivingTaskThoughAllItsThreadsWaitForRoom(Mode mode) throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                ForkJoinPool pool = new ForkJoinPool(1)) {
            Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless);
            bus.publishMany(List.of(7, 8));
            List<ForkJoinTask<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(pool.submit(() -> bus.submit(9)));
            }
            Future<Reason> consumer = pool.submit(() -> rx.consume(event -> {}, missed -> {}));
            for (Future<Long> task : tasks) {
                assertThat(task.get(Task.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
            rx.close();
            assertThat(consumer.get()).isEqualTo(Reason.RECEIVER_CLOSED);
        }
    }

    @EachMode
    void aPoolThatMayHaveNoMoreThreadsLetsItsReceiverWaitAllTheSame(Mode mode) throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                ForkJoinPool pool =
                        new ForkJoinPool(
                                1,
                                ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                                null,
                                false,
                                1,
                                1,
                                1,
                                null,
                                60,
                                TimeUnit.SECONDS)) {
            Receiver<Integer> rx = bus.subscribe();
            Future<Polled<Integer>> task = pool.submit(() -> rx.recv());
            bus.publish(7);
            assertGiven(task);
        }
    }
}
