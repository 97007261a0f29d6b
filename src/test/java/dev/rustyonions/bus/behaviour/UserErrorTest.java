package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** User code that throws: the receiver stays usable and its account exact. */
class UserErrorTest {

    /** What user code throws here; an Error, which nobody should catch. */
    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1;
    }

    private static void failAt(int fatal, int event) {
        if (event == fatal && event % 2 == 0) {
            throw new Thrown();
        }
        if (event == fatal) {
            throw new IllegalStateException("mine");
        }
    }

    private static Consumer<SubscribeOptions<Integer>> filterThatFailsAt(int fatal) {
        return o ->
                o.filter(
                        event -> {
                            failAt(fatal, event);
                            return event % 2 == 0;
                        });
    }

    @EachMode
    void whatTheFilterThrowsIsThrownByTheReceiveAndTheMessageCountsAsFiltered(Mode mode) {
        for (int fatal = 0; fatal < 4; fatal++) {
            Class<? extends Throwable> thrown =
                    fatal % 2 == 0 ? Thrown.class : IllegalStateException.class;
            try (Bus<Integer> bus = Buses.open(mode, 8);
                    Receiver<Integer> rx = bus.subscribe(filterThatFailsAt(fatal))) {
                bus.publishMany(List.of(0, 1, 2, 3, 4));
                List<Received<Integer>> received = new ArrayList<>();
                assertThatThrownBy(() -> rx.drain(9, received::add)).isInstanceOf(thrown);
                assertThat(rx.delivered() + rx.filtered()).isEqualTo(fatal + 1);
                rx.drain(9, received::add);
                assertThat(rx.delivered()).isEqualTo(received.size());
                assertThat(rx.delivered()).isEqualTo(fatal % 2 == 0 ? 2 : 3);
                assertThat(rx.delivered() + rx.filtered()).isEqualTo(5);
            }
        }
    }

    @EachModeAndThread
    void aFilterThatThrowsInAWokenReceiverLeavesItUsable(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe(filterThatFailsAt(0));
                Receiver<Integer> other = bus.subscribe()) {
            Task<Received<Integer>> undisturbed = Task.start(kind, other::recv).untilParked();
            Task<Received<Integer>> task =
                    Task.start(
                                    kind,
                                    () -> {
                                        assertThatThrownBy(rx::recv).isInstanceOf(Thrown.class);
                                        return rx.recv();
                                    })
                            .untilParked();
            bus.publish(0);
            assertThat(undisturbed.result()).isEqualTo(new Message<>(0, 0));
            task.untilParked();
            bus.publish(2);
            assertThat(task.result()).isEqualTo(new Message<>(1, 2));
            assertThat(rx.filtered()).isEqualTo(1);
            assertThat(rx.delivered()).isEqualTo(1);
        }
    }

    @EachMode
    void whatADrainsHandlerThrowsEndsItAndTheMessageCountsAsDelivered(Mode mode) {
        for (int fatal = 0; fatal < 4; fatal++) {
            int at = fatal;
            try (Bus<Integer> bus = Buses.open(mode, 8);
                    Receiver<Integer> rx = bus.subscribe()) {
                bus.publishMany(List.of(0, 1, 2, 3, 4));
                Consumer<Received<Integer>> handler =
                        received -> {
                            if (received instanceof Message<Integer> message) {
                                failAt(at, message.event());
                            }
                        };
                assertThatThrownBy(() -> rx.drain(9, handler)).isNotNull();
                assertThat(rx.delivered()).isEqualTo(fatal + 1);
                assertThat(rx.recv()).isEqualTo(new Message<>(fatal + 1, fatal + 1));
                assertThat(rx.delivered()).isEqualTo(fatal + 2);
            }
        }
    }

    @EachMode
    void aHandlerThatThrowsAtALagHasBeenToldAndGoesOnBehindTheGap(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publishMany(List.of(0, 1, 2, 3));
            assertThatThrownBy(
                            () ->
                                    rx.drain(
                                            9,
                                            received -> {
                                                assertThat(received)
                                                        .isEqualTo(new Lagged<Integer>(0, 2));
                                                throw new Thrown();
                                            }))
                    .isInstanceOf(Thrown.class);
            assertThat(rx.missed()).isEqualTo(2);
            assertThat(rx.recv()).isEqualTo(new Message<>(2, 2));
            assertThat(rx.recv()).isEqualTo(new Message<>(3, 3));
        }
    }

    @EachMode
    void whatConsumesHandlersThrowEndsTheLoopAndTheNextCallGoesOn(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 2);
        Receiver<Integer> rx = bus.subscribe();
        bus.publishMany(List.of(0, 1, 2, 3));
        List<Integer> events = new ArrayList<>();
        assertThatThrownBy(
                        () ->
                                rx.consume(
                                        events::add,
                                        missed -> {
                                            throw new Thrown();
                                        }))
                .isInstanceOf(Thrown.class);
        assertThatThrownBy(
                        () ->
                                rx.consume(
                                        event -> {
                                            throw new IllegalStateException("mine");
                                        },
                                        missed -> {}))
                .hasMessage("mine");
        assertThat(rx.missed()).isEqualTo(2);
        assertThat(rx.delivered()).isEqualTo(1);
        bus.close();
        assertThat(rx.consume(events::add, missed -> {})).isEqualTo(Reason.BUS_CLOSED);
        assertThat(events).containsExactly(3);
        assertThat(rx.delivered()).isEqualTo(2);
    }

    @EachMode
    void nullHandlersAndADrainOfNothingAreRefusedAndTakeNothing(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.publish(0);
            assertThatThrownBy(() -> rx.drain(1, null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("handler");
            assertThatThrownBy(() -> rx.consume(null, missed -> {}))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("onEvent");
            assertThatThrownBy(() -> rx.consume(event -> {}, null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("onLag");
            for (int max : new int[] {0, -1, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> rx.drain(max, received -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("drain(" + max + ")")
                        .hasMessageContaining("1 and more");
            }
            assertThat(rx.recv()).isEqualTo(new Message<>(0, 0));
        }
    }
}
