package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Receivers that are given the newest of each key when they are behind. */
@SuppressWarnings("try") // what is closed here is closed again at the end of its block
class ConflationTest {
    private record Price(String of, int value) {}

    private static final Price A1 = new Price("a", 1);
    private static final Price A2 = new Price("a", 2);
    private static final Price A3 = new Price("a", 3);
    private static final Price B1 = new Price("b", 1);
    private static final Price B2 = new Price("b", 2);

    private static List<Received<Price>> drain(Receiver<Price> rx) {
        List<Received<Price>> given = new ArrayList<>();
        rx.drain(Integer.MAX_VALUE, given::add);
        return given;
    }

    private static Received<Price> message(long sequence, Price price) {
        return new Message<>(sequence, price);
    }

    private static void assertExact(Receiver<?> rx, long passed) {
        assertThat(rx.delivered() + rx.filtered() + rx.conflated() + rx.missed()).isEqualTo(passed);
    }

    @EachMode
    void aReceiverThatKeepsUpIsGivenEverything(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            for (Price price : List.of(A1, A2, A3, B1)) {
                bus.publish(price);
                assertThat(rx.tryRecv()).isInstanceOf(Message.class);
            }
            assertThat(rx.conflated()).isZero();
            assertExact(rx, 4);
        }
    }

    @EachMode
    void oneThatIsBehindIsGivenInOrderWhatNoLaterMessageSupersedes(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, B1, A2, B2, A3));
            assertThat(drain(rx)).containsExactly(message(3, B2), message(4, A3));
            assertThat(rx.conflated()).isEqualTo(3);
            assertThat(rx.delivered()).isEqualTo(2);
            assertThat(bus.stats().conflated()).isEqualTo(3);
            assertThat(bus.receivers().getFirst().conflated()).isEqualTo(3);
            assertExact(rx, 5);
        }
    }

    @EachMode
    void whatComesDuringTheHandlingIsConflatedAmongItself(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, B1));
            assertThat(rx.tryRecv()).isEqualTo(message(0, A1));
            bus.publishMany(List.of(B2, A2, A3));
            assertThat(rx.tryRecv()).as("looked at before B2 came").isEqualTo(message(1, B1));
            assertThat(drain(rx)).containsExactly(message(2, B2), message(4, A3));
            assertExact(rx, 5);
        }
    }

    @EachMode
    void anEventWithoutAKeyIsNeverLeftOut(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx =
                        bus.subscribe(o -> o.conflateBy(p -> p.of().equals("a") ? "a" : null))) {
            bus.publishMany(List.of(A1, B1, A2, B1));
            assertThat(drain(rx)).containsExactly(message(1, B1), message(2, A2), message(3, B1));
        }
    }

    @EachMode
    void whatTheFilterRefusesSupersedesNothingAndIsCountedAsFiltered(Mode mode) {
        AtomicInteger asked = new AtomicInteger();
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx =
                        bus.subscribe(
                                o ->
                                        o.conflateBy(Price::of)
                                                .filter(
                                                        price -> {
                                                            asked.incrementAndGet();
                                                            return price.value() < 3;
                                                        }))) {
            bus.publishMany(List.of(A1, A2, A3, B1));
            assertThat(drain(rx)).containsExactly(message(1, A2), message(3, B1));
            assertThat(rx.filtered()).isEqualTo(1);
            assertThat(rx.conflated()).isEqualTo(1);
            assertThat(asked).as("once for each message").hasValue(4);
            assertExact(rx, 4);
        }
    }

    @EachMode
    void aLagIsToldBeforeWhatIsLeftIsConflated(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 4);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, B1, A1, A2, A3, B2));
            assertThat(drain(rx))
                    .containsExactly(new Lagged<>(0, 2), message(4, A3), message(5, B2));
            assertExact(rx, 6);
        }
    }

    @EachMode
    void aLagInTheMiddleOfWhatWasLookedAtLosesNoCount(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 4);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, B1, A2, B2));
            assertThat(rx.tryRecv()).isEqualTo(message(2, A2));
            bus.publishMany(List.of(A1, A2, B1, A3, B2, A1));
            List<Received<Price>> given = drain(rx);
            assertThat(given.getFirst()).isEqualTo(new Lagged<>(3, 3));
            assertThat(given.subList(1, given.size()))
                    .containsExactly(message(8, B2), message(9, A1));
            assertExact(rx, 10);
        }
    }

    @EachMode
    void aKeyFunctionThatThrowsThrowsWhenItsTurnHasComeAndTheReceiverGoesOn(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 8);
                Receiver<Price> rx =
                        bus.subscribe(
                                o ->
                                        o.conflateBy(
                                                price -> {
                                                    if (price.of().equals("b")) {
                                                        throw new IllegalStateException("planted");
                                                    }
                                                    return price.of();
                                                }))) {
            bus.publishMany(List.of(A1, A2, B1, A3, A1));
            assertThat(rx.tryRecv()).isEqualTo(message(1, A2));
            assertThatThrownBy(rx::tryRecv).hasMessage("planted");
            assertThat(rx.filtered()).isEqualTo(1);
            assertThat(drain(rx)).containsExactly(message(4, A1));
            assertExact(rx, 5);
        }
    }

    @EachMode
    void theEndIsToldAfterWhatIsLeft(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 4);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, B1, A2, A3));
            bus.close();
            assertThat(drain(rx))
                    .containsExactly(
                            message(1, B1), message(3, A3), new Closed<>(Reason.BUS_CLOSED));
            assertExact(rx, 4);
            assertThat(bus.stats().conflated()).as("of a receiver that is gone").isEqualTo(2);
        }
    }

    @EachMode
    void aReceiveThatDoesNotWaitEndsThoughAllButOneAreLeftOut(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 64);
                Receiver<Price> rx = bus.subscribe(o -> o.conflateBy(Price::of))) {
            for (int i = 0; i < 64; i++) {
                bus.publish(A1);
            }
            assertThat(rx.tryRecv()).isEqualTo(message(63, A1));
            assertThat(rx.tryRecv()).isEqualTo(new Empty<Price>());
            assertThat(rx.conflated()).isEqualTo(63);
        }
    }

    @EachMode
    void aLosslessReceiverPassesWhatItLeavesOutAndSoMakesRoom(Mode mode) {
        try (Bus<Price> bus = Buses.open(mode, 4);
                Receiver<Price> rx = bus.subscribe(o -> o.lossless().conflateBy(Price::of))) {
            bus.publishMany(List.of(A1, A2, A1, A3));
            assertThat(bus.offer(B1, Duration.ZERO)).isEqualTo(Sender.TIMED_OUT);
            assertThat(rx.tryRecv()).isEqualTo(message(3, A3));
            for (int i = 4; i < 8; i++) {
                assertThat(bus.offer(B1, Duration.ZERO)).isEqualTo(i);
            }
            assertThat(bus.offer(B1, Duration.ZERO)).isEqualTo(Sender.TIMED_OUT);
        }
    }

    @EachModeAndThread
    void theLastOfEachKeyArrivesHoweverFarBehindTheReceiverIs(Mode mode, ThreadKind kind) {
        int keys = 10;
        int events = 20_000;
        try (Bus<Price> bus = Buses.open(mode, 1024);
                Receiver<Price> rx = bus.subscribe(o -> o.lossless().conflateBy(Price::of))) {
            Map<String, Integer> seen = new HashMap<>();
            Task<Reason> screen =
                    Task.start(
                            kind,
                            () ->
                                    rx.consume(
                                            price -> {
                                                @Nullable Integer before =
                                                        seen.put(price.of(), price.value());
                                                assertThat(before == null ? -1 : before)
                                                        .isLessThan(price.value());
                                            },
                                            missed -> {}));
            for (int i = 0; i < events; i++) {
                bus.submit(new Price("k" + i % keys, i));
            }
            bus.close();
            assertThat(screen.result()).isEqualTo(Reason.BUS_CLOSED);
            for (int i = events - keys; i < events; i++) {
                assertThat(seen).containsEntry("k" + i % keys, i);
            }
            assertExact(rx, events);
            assertThat(rx.missed()).isZero();
        }
    }

    @Test
    void twoKeysAreRefused() {
        try (Bus<Price> bus = Buses.open(Mode.CLASSIC, 2)) {
            assertThatThrownBy(
                            () ->
                                    bus.subscribe(
                                            o -> o.conflateBy(Price::of).conflateBy(Price::value)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "conflateBy given twice; combine the two keys in one, a record for"
                                    + " instance");
        }
    }
}
