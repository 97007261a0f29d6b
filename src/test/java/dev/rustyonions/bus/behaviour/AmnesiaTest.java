package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.Garbage;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a closed bus still refers to. */
class AmnesiaTest {

    /** An event whose reachability is watched. */
    private static final class Payload {}

    private static List<WeakReference<Payload>> publish(Bus<Payload> bus, int count) {
        List<WeakReference<Payload>> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Payload payload = new Payload();
            bus.publish(payload);
            payloads.add(new WeakReference<>(payload));
        }
        return payloads;
    }

    private static void assertForgotten(List<WeakReference<Payload>> payloads) {
        payloads.forEach(Garbage::awaitCollected);
    }

    private static void assertKept(List<WeakReference<Payload>> payloads) {
        Garbage.collect();
        assertThat(payloads).allSatisfy(payload -> assertThat(payload.get()).isNotNull());
    }

    @EachMode
    void aBusClosedWithNoReceiverForgetsEverything(Mode mode) {
        for (int published : new int[] {1, 3, 4, 5, 11}) {
            Bus<Payload> bus = Buses.withAmnesia(mode, 4);
            List<WeakReference<Payload>> payloads = publish(bus, published);
            assertKept(payloads.subList(Math.max(0, published - 4), published));
            bus.close();
            assertForgotten(payloads);
            assertThat(bus.isClosed()).isTrue();
        }
    }

    @EachMode
    void withAReceiverInTheWindowOnlyWhatLiesBehindItIsForgotten(Mode mode) {
        for (int published : new int[] {4, 6}) {
            Bus<Payload> bus = Buses.withAmnesia(mode, 4);
            Receiver<Payload> rx = bus.subscribe();
            Receiver<Payload> ahead = bus.subscribe();
            List<WeakReference<Payload>> payloads = publish(bus, published);
            for (int i = 0; i < 3; i++) {
                ahead.recv();
            }
            int read = published - 2;
            while (rx.delivered() + rx.missed() < read) {
                rx.recv();
            }
            bus.close();
            assertKept(payloads.subList(read, published));
            assertForgotten(payloads.subList(0, read));

            assertThat(rx.recv()).isInstanceOf(Message.class);
            assertThat(rx.recv()).isInstanceOf(Message.class);
            assertThat(rx.recv()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
            ahead.close();
            assertForgotten(payloads);
            assertThat(bus.isClosed()).isTrue();
        }
    }

    @EachMode
    void whatTheSlowestReceiverHasPassedIsForgottenWhenAnotherReachesTheEnd(Mode mode) {
        Bus<Payload> bus = Buses.withAmnesia(mode, 8);
        Receiver<Payload> slow = bus.subscribe();
        Receiver<Payload> fast = bus.subscribe();
        List<WeakReference<Payload>> payloads = publish(bus, 8);
        bus.close();
        for (int i = 0; i < 5; i++) {
            slow.recv();
        }
        while (!(fast.recv() instanceof Closed<Payload>)) {
            continue;
        }
        assertForgotten(payloads.subList(0, 5));
        assertKept(payloads.subList(5, 8));
        slow.close();
        assertForgotten(payloads);
    }

    @EachMode
    void theLastReceiverToReachTheEndLeavesNothing(Mode mode) {
        Bus<Payload> bus = Buses.withAmnesia(mode, 4);
        Receiver<Payload> rx = bus.subscribe();
        List<WeakReference<Payload>> payloads = publish(bus, 4);
        bus.close();
        assertKept(payloads);
        assertThat(rx.drain(9, received -> {})).isEqualTo(4);
        assertForgotten(payloads);
        assertThat(rx.recv()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
    }

    @EachMode
    void closingTheLastReceiverLeavesNothing(Mode mode) {
        Bus<Payload> bus = Buses.withAmnesia(mode, 4);
        Receiver<Payload> rx = bus.subscribe();
        List<WeakReference<Payload>> payloads = publish(bus, 4);
        bus.close();
        rx.close();
        assertForgotten(payloads);
        assertThat(rx.recv()).isEqualTo(new Closed<>(Reason.RECEIVER_CLOSED));
    }

    @EachMode
    void noticingThatTheLastReceiverIsAbandonedLeavesNothing(Mode mode) {
        Bus<Payload> bus = Buses.withAmnesia(mode, 4);
        WeakReference<Receiver<Payload>> dropped = new WeakReference<>(bus.subscribe());
        List<WeakReference<Payload>> payloads = publish(bus, 4);
        bus.close();
        Garbage.awaitCollected(dropped);
        assertThat(bus.stats().receivers()).isZero();
        assertForgotten(payloads);
        assertThat(bus.isClosed()).isTrue();
    }

    @EachMode
    void noticingAtOnceThatManyAreAbandonedLeavesNothing(Mode mode) {
        Bus<Payload> bus = Buses.withAmnesia(mode, 4);
        List<WeakReference<Receiver<Payload>>> dropped = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            dropped.add(new WeakReference<>(bus.subscribe()));
        }
        List<WeakReference<Payload>> payloads = publish(bus, 4);
        bus.close();
        dropped.forEach(Garbage::awaitCollected);
        assertThat(bus.stats().receivers()).isZero();
        assertForgotten(payloads);
    }

    @EachMode
    void theMessageALagHoldsIsDroppedWithItsReceiver(Mode mode) {
        Bus<Payload> bus = Buses.open(mode, 2);
        Receiver<Payload> rx = bus.subscribe();
        List<WeakReference<Payload>> payloads = publish(bus, 3);
        assertThat(rx.recv()).isEqualTo(new Lagged<>(0, 1));
        publish(bus, 2);
        assertKept(payloads.subList(1, 2));
        rx.close();
        assertForgotten(payloads);
        assertThat(rx.recv()).isEqualTo(new Closed<>(Reason.RECEIVER_CLOSED));
        assertThat(bus.isClosed()).isFalse();
    }

    @EachMode
    void aReceiverThatSubscribesWhileTheBusForgetsIsGivenWhatItStartsWith(Mode mode) {
        Bus<Integer> bus = Buses.withAmnesia(mode, 4);
        Receiver<Integer> atTheEnd = bus.subscribe();
        for (int i = 0; i < 4; i++) {
            bus.publish(i);
        }
        atTheEnd.drain(4, received -> {});
        List<Receiver<Integer>> late = new ArrayList<>();
        bus.observe(
                new BusObserver() {
                    @Override
                    public void ended(ReceiverStats receiver) {
                        if (late.isEmpty()) {
                            late.add(bus.subscribe(SubscribeOptions::oldest));
                        }
                    }
                });
        Garbage.awaitCollected(new WeakReference<>(bus.subscribe()));
        // Looks for the receiver furthest behind, notices the abandoned one, and is held up by
        // that.
        bus.close();
        List<Received<Integer>> given = new ArrayList<>();
        late.getFirst().drain(9, given::add);
        assertThat(given)
                .containsExactly(
                        new Message<>(0, 0),
                        new Message<>(1, 1),
                        new Message<>(2, 2),
                        new Message<>(3, 3),
                        new Closed<>(Reason.BUS_CLOSED));
        atTheEnd.close();
    }

    @EachMode
    void aLateSubscriberOfAForgottenBusStartsWithWhatIsRetainedWhichIsNothingUnlessItNamesASequence(
            Mode mode) {
        for (int published : new int[] {1, 3, 4, 5, 11}) {
            Bus<Integer> bus = Buses.withAmnesia(mode, 4);
            for (int i = 0; i < published; i++) {
                bus.publish(i);
            }
            bus.close();
            for (boolean latestOnLag : new boolean[] {false, true}) {
                assertThat(late(bus, SubscribeOptions::oldest, latestOnLag))
                        .containsExactly(new Closed<>(Reason.BUS_CLOSED));
                assertThat(late(bus, o -> o.from(0), latestOnLag))
                        .containsExactly(
                                new Lagged<>(0, published), new Closed<>(Reason.BUS_CLOSED));
                assertThat(late(bus, o -> o.last(1), latestOnLag))
                        .containsExactly(new Closed<>(Reason.BUS_CLOSED));
                assertThat(late(bus, o -> {}, latestOnLag))
                        .containsExactly(new Closed<>(Reason.BUS_CLOSED));
            }
            assertThat(bus.publishSequenced(99)).isEqualTo(-1);
            assertThat(bus.stats().published()).isEqualTo(published);
            assertThat(bus.stats().missed()).isZero();
        }
    }

    private static List<Received<Integer>> late(
            Bus<Integer> bus, Consumer<SubscribeOptions<Integer>> start, boolean latestOnLag) {
        List<Received<Integer>> received = new ArrayList<>();
        try (Receiver<Integer> rx =
                bus.subscribe(
                        o -> {
                            start.accept(o);
                            if (latestOnLag) {
                                o.latestOnLag();
                            }
                        })) {
            rx.drain(9, received::add);
        }
        return received;
    }

    @EachMode
    void withoutAmnesiaTheWindowStaysDrainable(Mode mode) {
        Bus<Payload> bus = Buses.open(mode, 4);
        List<WeakReference<Payload>> payloads = publish(bus, 6);
        bus.close();
        assertKept(payloads.subList(2, 6));
        assertForgotten(payloads.subList(0, 2));
        assertThat(bus.subscribe(SubscribeOptions::oldest).drain(9, received -> {})).isEqualTo(4);
    }

    @EachMode
    void noPayloadIsPrinted(Mode mode) {
        Bus<String> bus = Buses.open(mode, 4);
        Receiver<String> rx = bus.subscribe(o -> o.name("audit"));
        bus.publish("secret");
        assertThat(rx.toString()).doesNotContain("secret");
        assertThat(bus.toString()).doesNotContain("secret");
        assertThat(bus.sender().toString()).doesNotContain("secret");
        assertThat(rx.recv().toString()).contains("0").doesNotContain("secret");
        bus.close();
    }
}
