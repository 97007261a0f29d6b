package dev.rustyonions.bus.example.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** One consumer of several buses. */
@Timeout(60) // a hang is a failure
class SeveralTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record From(int bus, Received<Integer> received) {}

    private static <E> Bus<E> bus(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    private static Function<Received<Integer>, From> from(int bus) {
        return received -> new From(bus, received);
    }

    @Test
    void aDeskSeesBothBusesAndEndsWhenBothAreClosed() throws Exception {
        Bus<Desk.Order> orders = bus(16);
        Bus<Desk.Price> prices = bus(16);
        Desk desk = new Desk(orders, prices);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> lines = executor.submit(desk::run);
            orders.publish(new Desk.Order("A", 2));
            assertThat(orders.awaitIdle(PATIENCE)).isTrue();
            prices.publish(new Desk.Price("A", 100));
            assertThat(prices.awaitIdle(PATIENCE)).isTrue();
            orders.publish(new Desk.Order("A", 3));
            orders.close();
            assertThat(orders.awaitIdle(PATIENCE)).isTrue();
            assertThat(lines).isNotDone();
            prices.close();
            assertThat(lines.get()).containsExactly("0: A no price", "1: A 300");
        }
    }

    @Test
    void aDeskSaysHowManyOrdersItMissedAndForgetsPricesThatMayBeOld() throws Exception {
        Bus<Desk.Order> orders = bus(2);
        Bus<Desk.Price> prices = bus(2);
        Desk desk = new Desk(orders, prices);
        for (int i = 0; i < 5; i++) {
            orders.publish(new Desk.Order("A", i));
        }
        orders.close();
        prices.close();
        assertThat(desk.run())
                .containsExactly("0: missed 3 orders", "3: A no price", "4: A no price");
    }

    @Test
    void aHundredBusesEachKeepTheirOrderInOneQueue() throws Exception {
        BlockingQueue<From> queue = new ArrayBlockingQueue<>(4);
        List<Bus<Integer>> buses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Bus<Integer> bus = bus(64);
            Receiver<Integer> rx = bus.subscribe();
            Function<Received<Integer>, From> as = from(i);
            Thread.startVirtualThread(() -> Forwarding.toQueue(rx, as, queue));
            buses.add(bus);
        }
        for (int event = 0; event < 50; event++) {
            for (Bus<Integer> bus : buses) {
                bus.publish(event);
            }
        }
        buses.forEach(Bus::close);
        int[] next = new int[100];
        for (int open = 100; open > 0; ) {
            From taken = queue.take();
            if (taken.received() instanceof Message<Integer>(long sequence, Integer event)) {
                assertThat(event).isEqualTo(next[taken.bus()]++);
            } else {
                assertThat(taken.received()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
                open--;
            }
        }
        assertThat(next).containsOnly(50);
    }

    @Test
    void aFullQueueMakesTheReceiverLagAndNotTheQueueGrow() throws Exception {
        BlockingQueue<From> queue = new ArrayBlockingQueue<>(1);
        Bus<Integer> bus = bus(2);
        Receiver<Integer> rx = bus.subscribe();
        Thread forwarding = Thread.startVirtualThread(() -> Forwarding.toQueue(rx, from(0), queue));
        bus.publish(0);
        bus.publish(1);
        await().atMost(PATIENCE).until(() -> rx.delivered() == 2);
        await().atMost(PATIENCE).until(() -> forwarding.getState() == Thread.State.WAITING);
        assertThat(bus.receivers().getFirst().waiting()).as("it waits in put, with 1").isFalse();
        for (int i = 2; i < 7; i++) {
            bus.publish(i);
        }
        bus.close();
        List<Received<Integer>> taken = new ArrayList<>();
        while (taken.size() < 6) {
            taken.add(queue.take().received());
        }
        assertThat(taken)
                .containsExactly(
                        new Message<>(0, 0),
                        new Message<>(1, 1),
                        new Lagged<>(2, 3),
                        new Message<>(5, 5),
                        new Message<>(6, 6),
                        new Closed<>(Reason.BUS_CLOSED));
    }

    @Test
    void anInterruptEndsTheForwardingInPutTooAndClosesTheReceiver() throws Exception {
        BlockingQueue<From> queue = new ArrayBlockingQueue<>(1);
        try (Bus<Integer> bus = bus(4)) {
            Receiver<Integer> rx = bus.subscribe();
            Thread forwarding =
                    Thread.startVirtualThread(() -> Forwarding.toQueue(rx, from(0), queue));
            bus.publish(0);
            bus.publish(1);
            await().atMost(PATIENCE).until(() -> rx.delivered() == 2);
            forwarding.interrupt();
            assertThat(forwarding.join(PATIENCE)).isTrue();
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void aBusOfItsOwnCarriesSeveralWithoutLossToAConsumerThatMustNotLose() throws Exception {
        Bus<From> merged = bus(4);
        Receiver<From> consumer = merged.subscribe(o -> o.lossless());
        for (int i = 0; i < 3; i++) {
            Bus<Integer> bus = bus(64);
            Receiver<Integer> rx = bus.subscribe();
            Function<Received<Integer>, From> as = from(i);
            Thread.startVirtualThread(() -> Forwarding.toBus(rx, as, merged.sender()));
            for (int event = 0; event < 50; event++) {
                bus.publish(event);
            }
            bus.close();
        }
        int[] next = new int[3];
        for (int open = 3; open > 0; ) {
            From taken = ((Message<From>) consumer.recv()).event();
            if (taken.received() instanceof Message<Integer>(long sequence, Integer event)) {
                assertThat(event).isEqualTo(next[taken.bus()]++);
            } else {
                open--;
            }
        }
        assertThat(next).containsOnly(50);
    }

    @Test
    void aReceiverThatWaitsWithItsThreadTakesLessThanFourKilobytes() {
        int count = 10_000;
        BlockingQueue<From> queue = new ArrayBlockingQueue<>(1);
        try (Bus<Integer> bus = bus(4)) {
            long before = used();
            for (int i = 0; i < count; i++) {
                Receiver<Integer> rx = bus.subscribe();
                Thread.startVirtualThread(() -> Forwarding.toQueue(rx, from(0), queue));
            }
            await().atMost(PATIENCE)
                    .until(() -> bus.receivers().stream().allMatch(ReceiverStats::waiting));
            assertThat((used() - before) / count).isLessThan(4096);
        }
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void theCloseOfTheBusThatCarriesThemEndsTheForwarding() throws Exception {
        Bus<From> merged = bus(4);
        try (Bus<Integer> bus = bus(4)) {
            Receiver<Integer> rx = bus.subscribe();
            Thread forwarding =
                    Thread.startVirtualThread(() -> Forwarding.toBus(rx, from(0), merged));
            merged.close();
            bus.publish(0);
            assertThat(forwarding.join(PATIENCE)).isTrue();
            assertThat(bus.stats().receivers()).isZero();
        }
    }
}
