package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A batch keeps its events to itself until it is flushed, and then they are out all together. */
class BatchTest {
    private static final int THRESHOLD = 3;

    private static Bus<Integer> open(Mode mode) {
        return Buses.builder(mode, 8).flushThreshold(THRESHOLD).build();
    }

    @EachMode
    void whatIsCollectedIsSeenAndCountedNowhereUntilTheFlush(Mode mode) {
        try (Bus<Integer> bus = open(mode);
                Receiver<Integer> rx = bus.subscribe()) {
            Batch<Integer> batch = bus.batch();
            assertThat(batch.add(0)).isTrue();
            assertThat(batch.add(1)).isTrue();
            assertThat(batch.accepted()).isZero();
            assertThat(bus.stats().published()).isZero();
            assertThat(rx.tryRecv()).isEqualTo(new Empty<Integer>());

            assertThat(batch.flush()).isEqualTo(2);
            assertThat(batch.accepted()).isEqualTo(2);
            assertThat(rx.recv()).isEqualTo(new Message<>(0, 0));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, 1));
            assertThat(batch.flush()).isZero();
        }
    }

    @EachModeAndThread
    void collectingWakesNobodyAndFlushingDoes(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = open(mode);
                Receiver<Integer> rx = bus.subscribe()) {
            Task<Received<Integer>> task = Task.start(kind, rx::recv).untilParked();
            Batch<Integer> batch = bus.batch();
            batch.add(0);
            batch.add(1);
            task.untilParked();
            assertThat(bus.stats().wakeups()).isZero();
            batch.flush();
            assertThat(task.result()).isEqualTo(new Message<>(0, 0));
        }
    }

    @EachMode
    void theAddThatReachesTheThresholdFlushes(Mode mode) {
        try (Bus<Integer> bus = open(mode)) {
            Batch<Integer> batch = bus.batch();
            for (int i = 1; i <= 10; i++) {
                assertThat(batch.add(i)).isTrue();
                assertThat(bus.stats().published()).isEqualTo(i / THRESHOLD * THRESHOLD);
            }
        }
    }

    @EachMode
    void aThresholdOfOnePublishesEachEventAtOnce(Mode mode) {
        try (Bus<Integer> bus = Buses.builder(mode, 8).flushThreshold(1).build()) {
            Batch<Integer> batch = bus.batch();
            for (int i = 1; i <= 3; i++) {
                assertThat(batch.add(i)).isTrue();
                assertThat(bus.stats().published()).isEqualTo(i);
            }
        }
    }

    @EachMode
    void closeFlushesOnceAndEndsTheBatch(Mode mode) {
        try (Bus<Integer> bus = open(mode);
                Receiver<Integer> rx = bus.subscribe()) {
            Batch<Integer> batch = bus.batch();
            batch.add(0);
            batch.close();
            batch.close();
            assertThat(batch.accepted()).isEqualTo(1);
            assertThat(batch.flush()).isZero();
            assertThatThrownBy(() -> batch.add(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the batch is closed")
                    .hasMessageContaining("Sender.batch()");
            assertThat(rx.recv()).isEqualTo(new Message<>(0, 0));
            assertThat(rx.tryRecv()).isEqualTo(new Empty<Integer>());
        }
    }

    @EachMode
    void onAClosedBusTheFlushDropsAndSaysSo(Mode mode) {
        Bus<Integer> bus = open(mode);
        Batch<Integer> batch = bus.batch();
        assertThat(batch.add(0)).isTrue();
        assertThat(batch.add(1)).isTrue();
        bus.close();
        assertThat(batch.add(2)).isFalse();
        assertThat(batch.accepted()).isZero();

        assertThat(batch.add(3)).isTrue();
        assertThat(batch.flush()).isZero();
        assertThat(batch.add(4)).isTrue();
        batch.close();
        assertThat(batch.accepted()).isZero();
        assertThat(bus.stats().published()).isZero();
    }

    @EachModeAndThread
    void aBusClosedWhileBatchesFlushTakesOfEachAPrefixAndTheBatchKnowsHowLong(
            Mode mode, ThreadKind kind) {
        for (int round = 0; round < 100; round++) {
            Bus<Integer> bus = Buses.builder(mode, 1 << 12).flushThreshold(1000).build();
            Receiver<Integer> rx = bus.subscribe();
            Task<Long> flushing =
                    Task.start(
                            kind,
                            () -> {
                                Batch<Integer> batch = bus.batch();
                                for (int i = 0; i < 999; i++) {
                                    batch.add(i);
                                }
                                int flushed = batch.flush();
                                assertThat(batch.accepted()).isEqualTo(flushed);
                                assertThat(batch.flush()).isZero();
                                return (long) flushed;
                            });
            while (bus.stats().published() == 0) {
                Thread.onSpinWait();
            }
            bus.close();
            List<Received<Integer>> received = new ArrayList<>();
            int count = rx.drain(Integer.MAX_VALUE, received::add);
            assertThat((long) count).isEqualTo(flushing.result());
            for (int i = 0; i < count; i++) {
                assertThat(received.get(i)).isEqualTo(new Message<>(i, i));
            }
        }
    }

    @EachMode
    void batchesOfOneBusAreIndependent(Mode mode) {
        try (Bus<Integer> bus = open(mode);
                Receiver<Integer> rx = bus.subscribe();
                Batch<Integer> first = bus.batch();
                Batch<Integer> second = bus.sender().batch()) {
            first.add(10);
            second.add(20);
            bus.publish(0);
            second.flush();
            first.flush();
            assertThat(rx.recv()).isEqualTo(new Message<>(0, 0));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, 20));
            assertThat(rx.recv()).isEqualTo(new Message<>(2, 10));
        }
    }

    @EachMode
    void withEpochYieldEverythingIsPublishedInOrderAsWithout(Mode mode) {
        try (Bus<Integer> bus = Buses.builder(mode, 64).burst(2).epochYield(true).build();
                Receiver<Integer> rx = bus.subscribe()) {
            assertThat(bus.publishMany(List.of(0, 1, 2, 3, 4))).isEqualTo(5);
            try (Batch<Integer> batch = bus.batch()) {
                for (int i = 5; i < 12; i++) {
                    batch.add(i);
                }
            }
            for (int i = 0; i < 12; i++) {
                assertThat(rx.recv()).isEqualTo(new Message<>(i, i));
            }
        }
    }

    @EachMode
    void aBatchOfTheLargestThresholdPublishesWhenItIsFull(Mode mode) {
        int threshold = 1 << 16;
        try (Bus<Integer> bus = Buses.builder(mode, threshold).flushThreshold(threshold).build();
                Receiver<Integer> rx = bus.subscribe();
                Batch<Integer> batch = bus.batch()) {
            for (int i = 0; i < threshold - 1; i++) {
                batch.add(i);
            }
            assertThat(bus.stats().published()).isZero();
            batch.add(threshold - 1);
            for (int i = 0; i < threshold; i++) {
                assertThat(rx.tryRecv()).isEqualTo(new Message<>(i, i));
            }
            assertThat(rx.tryRecv()).isEqualTo(new Empty<Integer>());
            batch.add(7);
            assertThat(batch.flush()).isEqualTo(1);
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(threshold, 7));
        }
    }

    @EachMode
    void aBatchTakesNoMoreRoomThanItsEventsNeed(Mode mode) {
        try (Bus<Integer> bus = Buses.builder(mode, 8).flushThreshold(1 << 16).build()) {
            bus.batch().add(0); // what the first one loads is not the second's
            long before = allocatedByThisThread();
            bus.batch().add(0);
            assertThat(allocatedByThisThread() - before).isLessThan(4096);
        }
    }

    private static long allocatedByThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
