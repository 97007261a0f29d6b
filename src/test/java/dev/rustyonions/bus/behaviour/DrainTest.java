package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import java.util.ArrayList;
import java.util.List;

/**
 * Drain hands over what is there, one by one and in order, whatever its handler does to the
 * receiver.
 */
class DrainTest {
    private final List<Received<Integer>> given = new ArrayList<>();

    private static void publish(Bus<Integer> bus, int from, int to) {
        for (int i = from; i < to; i++) {
            bus.publish(i);
        }
    }

    private static Message<Integer> message(int sequence) {
        return new Message<>(sequence, sequence);
    }

    @EachMode
    void eachMessageIsCountedBeforeItIsHandedOverThroughOneDrainAfterAnother(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe()) {
            List<Long> counts = new ArrayList<>();
            publish(bus, 0, 5);
            assertThat(rx.drain(2, received -> counts.add(rx.delivered()))).isEqualTo(2);
            assertThat(rx.depth()).isEqualTo(3);
            assertThat(rx.drain(9, received -> counts.add(rx.delivered()))).isEqualTo(3);
            assertThat(counts).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(rx.drain(9, given::add)).isZero();
        }
    }

    @EachMode
    void aLagTakesItsPlaceAmongTheOthers(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            publish(bus, 0, 6);
            assertThat(rx.drain(3, given::add)).isEqualTo(3);
            assertThat(given).containsExactly(new Lagged<>(0, 2), message(2), message(3));
        }
    }

    @EachMode
    void aHandlerThatReceivesFromTheSameReceiverTakesNothingTwiceAndSkipsNothing(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8);
                Receiver<Integer> rx = bus.subscribe()) {
            publish(bus, 0, 6);
            rx.drain(
                    9,
                    received -> {
                        given.add(received);
                        if (rx.tryRecv() instanceof Message<Integer> next) {
                            given.add(next);
                        }
                    });
            assertThat(given)
                    .containsExactly(
                            message(0), message(1), message(2), message(3), message(4), message(5));
            assertThat(rx.delivered()).isEqualTo(6);
        }
    }

    @EachMode
    void aHandlerThatLapsItsOwnReceiverIsToldOfTheLag(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            publish(bus, 0, 4);
            rx.drain(
                    9,
                    received -> {
                        given.add(received);
                        if (given.size() == 1) {
                            publish(bus, 4, 7);
                        }
                    });
            assertThat(given).containsExactly(message(0), new Lagged<>(1, 2), message(3));
            given.clear();
            rx.drain(9, given::add);
            assertThat(given).containsExactly(message(4), message(5), message(6));
            assertThat(rx.delivered() + rx.missed()).isEqualTo(7);
        }
    }

    @EachMode
    void aHandlerThatClosesItsReceiverIsGivenNoFurtherMessage(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe();
            publish(bus, 0, 4);
            rx.drain(
                    9,
                    received -> {
                        given.add(received);
                        rx.close();
                    });
            assertThat(given).containsExactly(message(0), new Closed<>(Reason.RECEIVER_CLOSED));
            assertThat(rx.delivered()).isEqualTo(1);
        }
    }

    @EachMode
    void whatTheHandlerPublishesIsLeftForTheNextDrainSoThatThisOneEnds(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            publish(bus, 0, 3);
            assertThat(rx.drain(Integer.MAX_VALUE, received -> bus.publish(9))).isEqualTo(3);
            assertThat(rx.depth()).isEqualTo(3);
        }
    }

    @EachMode
    void norDoesAFilterKeepItThereWhilePublishersStayAhead(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx =
                        bus.subscribe(
                                options ->
                                        options.filter(
                                                event -> {
                                                    bus.publish(event + 1);
                                                    return event % 2 == 0;
                                                }))) {
            publish(bus, 0, 3);
            assertThat(rx.drain(Integer.MAX_VALUE, given::add)).isEqualTo(2);
            assertThat(given).containsExactly(message(0), message(2));
            assertThat(rx.filtered()).isEqualTo(1);
            assertThat(rx.depth()).isEqualTo(3);
        }
    }

    @EachMode
    void aHandlerThatLapsItsReceiverAtEachLagDoesNotKeepItThereEither(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            publish(bus, 0, 3);
            rx.drain(
                    Integer.MAX_VALUE,
                    received -> {
                        given.add(received);
                        publish(bus, 0, 9);
                    });
            assertThat(given).containsExactly(message(0), new Lagged<>(1, 7));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(8, 5));
        }
    }

    @EachMode
    void theCloseOfTheBusIsHandedOverOnceAndNotCounted(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 4);
        Receiver<Integer> rx = bus.subscribe();
        publish(bus, 0, 2);
        bus.close();
        assertThat(rx.drain(9, given::add)).isEqualTo(2);
        assertThat(given).containsExactly(message(0), message(1), new Closed<>(Reason.BUS_CLOSED));
    }
}
