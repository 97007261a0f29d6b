package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a receiver says when several things end it or its wait: the close of the bus, its own close,
 * an interrupt, in every order. The first final reason that it has told, or that its close has set,
 * is the reason for ever; an interrupt is told only of a receiver that has not ended.
 */
class EndingTest {
    private enum Step {
        CLOSE_BUS,
        CLOSE_RECEIVER,
        EVICT,
        INTERRUPT,
        CLEAR,
        RECEIVE
    }

    /** All orders of up to five steps, with a receive after each. */
    static Stream<List<Step>> orders() {
        List<List<Step>> orders = new ArrayList<>();
        extend(List.of(), orders);
        return orders.stream();
    }

    private static void extend(List<Step> order, List<List<Step>> orders) {
        if (order.size() == 5) {
            orders.add(order);
            return;
        }
        for (Step step : Step.values()) {
            List<Step> longer = new ArrayList<>(order);
            longer.add(step);
            extend(longer, orders);
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void theFirstFinalReasonIsTheReasonForEver(List<Step> order) {
        Bus<Integer> bus = Buses.open(Mode.CLASSIC, 4);
        try {
            Receiver<Integer> rx = bus.subscribe();
            bus.publish(7);
            Polled<Integer> ended = null;
            boolean received = false;
            for (Step step : order) {
                switch (step) {
                    case CLOSE_BUS -> bus.close();
                    case CLOSE_RECEIVER -> {
                        rx.close();
                        ended = ended == null ? new Closed<>(Reason.RECEIVER_CLOSED) : ended;
                    }
                    case EVICT -> {
                        assertThat(bus.evict(rx.id())).isEqualTo(ended == null);
                        ended = ended == null ? new Closed<>(Reason.EVICTED) : ended;
                    }
                    case INTERRUPT -> Thread.currentThread().interrupt();
                    case CLEAR -> Thread.interrupted();
                    case RECEIVE -> {
                        boolean interrupted = Thread.currentThread().isInterrupted();
                        Polled<Integer> due;
                        if (ended != null) {
                            due = ended;
                        } else if (interrupted) {
                            due = new Closed<>(Reason.INTERRUPTED);
                        } else if (!received) {
                            due = new Message<>(0, 7);
                            received = true;
                        } else if (bus.isClosed()) {
                            due = new Closed<>(Reason.BUS_CLOSED);
                            ended = due;
                        } else {
                            due = new Empty<>();
                        }
                        assertThat(rx.recvTimeout(Duration.ofNanos(1))).isEqualTo(due);
                        assertThat(Thread.currentThread().isInterrupted()).isEqualTo(interrupted);
                        if (due instanceof Closed<Integer> closed && closed.isFinal()) {
                            assertThat(rx.tryRecv()).isEqualTo(due);
                            assertThat(rx.recv()).isEqualTo(due);
                            assertThat(bus.stats().receivers()).isZero();
                        }
                    }
                }
            }
        } finally {
            Thread.interrupted();
        }
    }

    @EachMode
    void aReceiverThatHasBeenToldOfTheCloseOfTheBusNoLongerCountsThoughNobodyClosesIt(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 4);
        List<Receiver<Integer>> receivers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            receivers.add(bus.subscribe());
        }
        bus.publish(0);
        bus.close();
        for (int i = 0; i < receivers.size(); i++) {
            assertThat(bus.stats().receivers()).isEqualTo(receivers.size() - i);
            receivers.get(i).consume(event -> {}, missed -> {});
        }
        assertThat(bus.stats().receivers()).isZero();
        for (Receiver<Integer> rx : receivers) {
            assertThat(rx.delivered()).isEqualTo(1);
            assertThat(rx.recv()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
            rx.close();
        }
        assertThat(bus.stats().receivers()).isZero();
    }
}
