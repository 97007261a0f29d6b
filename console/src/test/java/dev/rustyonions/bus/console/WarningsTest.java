package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.console.Warning.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;

/** Each known bad pattern is found where it is, and not where it is not. */
@Timeout(60)
class WarningsTest {
    private static final int CAPACITY = 16;

    private final Bus<Integer> bus =
            Bus.builder().name("orders").capacity(CAPACITY).overflowWarnPerMinute(0).build();
    private final Watched watched = new Watched(bus, Duration.ofSeconds(1), () -> {});
    private Moment now = Moment.now();

    @AfterEach
    void close() {
        watched.close();
        bus.close();
    }

    private BusReading readAfter(long millis) {
        pass(millis);
        return watched.read(now);
    }

    private void pass(long millis) {
        now = new Moment(now.millis() + millis, now.nanos() + millis * 1_000_000);
    }

    private void setTheClockBack() {
        now = new Moment(now.millis() - 3_600_000, now.nanos());
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            bus.publish(i);
        }
    }

    private static List<Kind> kinds(BusReading reading) {
        return reading.warnings().stream().map(Warning::kind).toList();
    }

    @Test
    void aReceiverThatTakesNothingAWholeWindowBehindIsStuckAndTheLossIsItsOwn() {
        Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
        publish(CAPACITY);
        readAfter(0);
        publish(10);
        assertThat(kinds(readAfter(1_000))).doesNotContain(Kind.RECEIVER_STUCK);
        publish(10);
        BusReading reading = readAfter(4_000);
        assertThat(reading.warnings().getFirst().kind()).isEqualTo(Kind.RECEIVER_STUCK);
        assertThat(reading.warnings().getFirst().subject()).isEqualTo(audit.id());
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo(
                        "Receiver audit (id 0) has taken nothing for 5 s and is a whole window"
                                + " behind.");
        assertThat(reading.loss().going()).isTrue();
        assertThat(reading.loss().messages()).isEqualTo(20);
        assertThat(reading.loss().receiver()).isEqualTo(audit.id());
        assertThat(reading.loss().since()).isEqualTo(now.millis() - 4_000);
        assertThat(reading.loss().why()).contains("has taken nothing for 5 s");

        audit.drain(CAPACITY, received -> {});
        publish(CAPACITY);
        assertThat(kinds(readAfter(1_000))).doesNotContain(Kind.RECEIVER_STUCK);
        assertThat(readAfter(10_000).loss().going()).isFalse();
    }

    @Test
    void aClockThatIsSetBackChangesNoRateAndNoTimeThatAConditionHolds() {
        Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
        publish(CAPACITY);
        readAfter(0);
        publish(10);
        readAfter(1_000);
        setTheClockBack();
        publish(10);
        BusReading reading = readAfter(4_000);
        assertThat(reading.rates().published()).isEqualTo(2.5);
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo(
                        "Receiver audit (id 0) has taken nothing for 5 s and is a whole window"
                                + " behind.");
        assertThat(reading.loss().messages()).isEqualTo(20);
        assertThat(reading.loss().age()).isEqualTo(4_000);
        assertThat(readAfter(10_000).loss().going()).isFalse();
        audit.close();
    }

    @Test
    void lossesInReadingsThatFollowOneAnotherAreOneLossHoweverLongTheInterval() {
        try (Watched rarely = new Watched(bus, Duration.ofSeconds(30), () -> {})) {
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            publish(CAPACITY);
            rarely.read(now);
            BusReading reading = null;
            for (int i = 0; i < 3; i++) {
                pass(30_000);
                publish(10);
                reading = rarely.read(now);
            }
            assertThat(reading.loss().going()).isTrue();
            assertThat(reading.loss().since()).isEqualTo(now.millis() - 60_000);
            assertThat(reading.loss().messages()).isEqualTo(30);
            pass(30_000);
            assertThat(rarely.read(now).loss().going()).isTrue();
            pass(30_000);
            assertThat(rarely.read(now).loss().going()).isFalse();
            audit.close();
        }
    }

    @Test
    void aReceiverThatMovesAtTheEndOfTheWindowIsNotStuck() {
        Receiver<Integer> slow = bus.subscribe();
        publish(CAPACITY);
        for (int i = 0; i < 10; i++) {
            publish(5);
            var unused = slow.tryRecv(); // a lag, or a message
            unused = slow.tryRecv();
            publish(5);
            assertThat(kinds(readAfter(2_000))).doesNotContain(Kind.RECEIVER_STUCK);
        }
    }

    @Test
    void publishersThatWaitAreHeldUpAndBehindAStuckReceiverTheyAreStuck() {
        Receiver<Integer> audit = bus.subscribe(o -> o.name("audit").lossless());
        publish(CAPACITY);
        Thread publisher = Thread.startVirtualThread(() -> bus.submit(1));
        await().until(() -> bus.stats().publishersWaiting() == 1);
        readAfter(0);
        assertThat(kinds(readAfter(3_000))).containsExactly(Kind.PUBLISHERS_HELD_UP);
        assertThat(kinds(readAfter(2_000))).containsExactly(Kind.PUBLISHERS_STUCK);
        audit.close();
        await().until(() -> !publisher.isAlive());
        assertThat(kinds(readAfter(1_000))).isEmpty();
    }

    @Test
    void aReceiverSlowerThanThePublishersIsNamedWithWhatTheAdviceSays() {
        Receiver<Integer> slow = bus.subscribe(o -> o.name("slow"));
        publish(35_000);
        assertThat(slow.tryRecv()).isInstanceOf(Lagged.class);
        publish(35_000);
        var unused = slow.tryRecv();
        assertThat(slow.tryRecv()).isInstanceOf(Lagged.class);
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.TOO_SLOW);
        assertThat(reading.warnings().getFirst().text())
                .contains("receiver slow has missed 69,983 messages")
                .endsWith("on average.");
    }

    @Test
    void aReceiverThatStoppedForTooLongIsNamedWithWhatTheAdviceSays() {
        Receiver<Integer> paused = bus.subscribe(o -> o.name("paused"));
        publish(70_000);
        var unused = paused.tryRecv();
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.TOO_SLOW);
        assertThat(reading.warnings().getFirst().text())
                .contains("receiver paused stopped")
                .endsWith("it missed 69,984 messages at once.");
    }

    @Test
    void aBurstAboveTheCapacityIsToldWithTheCapacityThatWouldHaveHeld() {
        Receiver<Integer> receiver = bus.subscribe();
        publish(50);
        var unused = receiver.tryRecv();
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.BURST_ABOVE_CAPACITY);
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo("The capacity is 16; 64 would have held at 99 of 100 lags of late.");
    }

    @Test
    void aConsumerThatDiedIsToldByTheClassOfItsExceptionAndNotByItsMessage() {
        Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
        publish(1);
        assertThatThrownBy(
                        () ->
                                audit.consume(
                                        e -> {
                                            throw new IllegalStateException("a payload");
                                        },
                                        missed -> {}))
                .isInstanceOf(IllegalStateException.class);
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.CONSUMER_FAILED);
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo(
                        "The consumer of receiver audit ended by java.lang.IllegalStateException.");
        assertThat(kinds(readAfter(600_000))).isEmpty();
    }

    @Test
    void aPatienceThatIsOverIsTold() {
        Receiver<Integer> audit =
                bus.subscribe(o -> o.name("audit").lossless(Duration.ofMillis(1)));
        publish(CAPACITY);
        assertThat(bus.submit(1)).isEqualTo(CAPACITY);
        assertThat(kinds(readAfter(1_000))).contains(Kind.PATIENCE_OVER);
        audit.close();
    }

    @Test
    void eventsThatNobodyReceivesAreToldAndAQuietBusIsNot() {
        readAfter(0);
        for (int i = 0; i < 2; i++) {
            publish(1);
            assertThat(kinds(readAfter(1_000))).isEmpty();
        }
        publish(1);
        assertThat(kinds(readAfter(1_000))).containsExactly(Kind.NOBODY_SUBSCRIBED);
        assertThat(kinds(readAfter(1_000))).isEmpty();
    }

    @Test
    void aReceiverThatBeginsWithTheWholeWindowUnderLoadHasNoHeadroomAndHalfOfItIsEnough() {
        Receiver<Integer> first = bus.subscribe();
        publish(CAPACITY);
        readAfter(1_000);
        Receiver<Integer> half = bus.subscribe(o -> o.name("half").last(CAPACITY / 2));
        publish(1);
        assertThat(kinds(readAfter(1_000))).doesNotContain(Kind.NO_HEADROOM);
        Receiver<Integer> whole = bus.subscribe(o -> o.name("whole").oldest());
        publish(1);
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.NO_HEADROOM);
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo("Receiver whole began with the whole window, under 1 events/s.");
        List.of(first, half, whole).forEach(Receiver::close);
    }

    @Test
    void receiversThatWakeForEveryEventAreToldOfAndNotInEdgeMode() {
        assertThat(wokenForEveryEvent(Mode.CLASSIC)).containsExactly(Kind.EDGE_WOULD_SAVE);
        assertThat(wokenForEveryEvent(Mode.EDGE)).isEmpty();
    }

    private List<Kind> wokenForEveryEvent(Mode mode) {
        try (Bus<Integer> woken = Bus.builder().mode(mode).capacity(CAPACITY).build();
                Watched shown = new Watched(woken, Duration.ofSeconds(1), () -> {})) {
            Receiver<Integer> receiver = woken.subscribe();
            Thread.startVirtualThread(() -> receiver.consume(e -> {}, missed -> {}));
            BusReading reading = shown.read(now);
            for (int round = 0; round < 54; round++) {
                for (int i = 0; i < 110; i++) {
                    await().pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofNanos(20_000))
                            .until(() -> isWaiting(woken.receivers().getFirst()));
                    woken.publish(i);
                }
                pass(100);
                reading = shown.read(now);
            }
            return kinds(reading);
        }
    }

    private static boolean isWaiting(ReceiverStats receiver) {
        return receiver.waiting() && receiver.depth() == 0;
    }

    @Test
    void namesWithoutEndAreToldOf() {
        for (int i = 0; i < 199; i++) {
            int number = i;
            bus.subscribe(o -> o.name("client-" + number)).close();
        }
        assertThat(kinds(readAfter(1_000))).isEmpty();
        bus.subscribe(o -> o.name("client-199")).close();
        BusReading reading = readAfter(1_000);
        assertThat(kinds(reading)).containsExactly(Kind.NAMES_WITHOUT_END);
        assertThat(reading.warnings().getFirst().text())
                .isEqualTo("200 names of receivers so far, 0 of them living.");
    }

    @Test
    void everyWarningHasAnEntryInTheRunbook() {
        String runbook = new String(new Page("").runbook(), UTF_8);
        for (Kind kind : Kind.values()) {
            assertThat(runbook).contains('"' + kind.entry + "\":\"");
        }
    }
}
