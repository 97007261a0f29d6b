package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Garbage;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Receivers that are dropped without being closed. */
class AbandonedReceiverTest {

    /** Subscribes, and drops the receiver, which then misses what it has not read. */
    private static void abandon(Bus<Integer> bus) {
        WeakReference<Receiver<Integer>> dropped = new WeakReference<>(bus.subscribe());
        Garbage.awaitCollected(dropped);
    }

    @EachMode
    void statsNoticesOneAndKeepsItsPendingLoss(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            abandon(bus);
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5, 6));
            assertThat(bus.stats().receivers()).isZero();
            assertThat(bus.stats().missed()).isEqualTo(3);
            assertThat(bus.stats().depth()).isZero();
            bus.publishMany(List.of(7, 8, 9));
            assertThat(bus.stats().missed()).isEqualTo(3);
            assertThat(bus.publish(10)).isZero();

            // Another's loss comes on top of it.
            try (Receiver<Integer> rx = bus.subscribe()) {
                bus.publishMany(List.of(11, 12, 13, 14, 15));
                assertThat(bus.stats().missed()).isEqualTo(4);
                assertThat(rx.missed()).isZero();
            }
        }
    }

    @EachMode
    void theNextSubscribeNoticesOne(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            abandon(bus);
            assertThat(bus.publish(0)).isEqualTo(1);
            try (Receiver<Integer> rx = bus.subscribe()) {
                assertThat(bus.publish(1)).isEqualTo(1);
                assertThat(rx.recv()).isEqualTo(new Message<>(1, 1));
            }
        }
    }

    @EachMode
    void theNextCloseOfAReceiverNoticesOne(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe();
            abandon(bus);
            assertThat(bus.publish(0)).isEqualTo(2);
            rx.close();
            assertThat(bus.publish(1)).isZero();
        }
    }

    @EachMode
    void manyAreNoticedAFewAtATime(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            for (int i = 0; i < 100; i++) {
                bus.subscribe();
            }
            Garbage.collect();
            int counted = 100;
            for (int i = 0; i < 100; i++) {
                bus.subscribe().close();
                int now = bus.publish(i);
                assertThat(now).isLessThanOrEqualTo(counted);
                counted = now;
            }
            assertThat(counted).isZero();
        }
    }

    @EachMode
    void oneThatWasToldOfALossIsNotCountedTwice(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2)) {
            missSixAndDrop(bus);
            Garbage.collect();
            assertThat(bus.stats().receivers()).isZero();
            assertThat(bus.stats().missed()).isEqualTo(6);
        }
    }

    private static void missSixAndDrop(Bus<Integer> bus) {
        Receiver<Integer> rx = bus.subscribe();
        bus.publishMany(List.of(0, 1, 2, 3));
        assertThat(rx.recv()).isInstanceOf(Lagged.class);
        bus.publishMany(List.of(4, 5, 6, 7, 8));
        assertThat(bus.stats().missed()).isEqualTo(6);
    }

    @EachModeAndThread
    void oneThatIsParkedIsNotAbandonedThoughNobodyElseRefersToIt(Mode mode, ThreadKind kind)
            throws Exception {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            BlockingQueue<Received<Integer>> received = new LinkedBlockingQueue<>();
            for (int i = 0; i < 10; i++) {
                park(bus, kind, received);
            }
            for (int round = 0; round < 3; round++) {
                Garbage.collect();
                assertThat(bus.stats().receivers()).isEqualTo(10);
            }
            assertThat(bus.publish(7)).isEqualTo(10);
            for (int i = 0; i < 10; i++) {
                assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo(new Message<>(0, 7));
            }
        }
    }

    private static void park(
            Bus<Integer> bus, ThreadKind kind, BlockingQueue<Received<Integer>> received) {
        Receiver<Integer> rx = bus.subscribe();
        Task.run(kind, () -> received.add(rx.recv())).untilParked();
    }
}
