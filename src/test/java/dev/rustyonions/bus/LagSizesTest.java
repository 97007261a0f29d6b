package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Buses;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** What capacity the lags of a bus ask for. */
class LagSizesTest {
    private static final int CAPACITY = 64;

    private long now;
    private final LagSizes sizes = new LagSizes(CAPACITY, () -> now);

    /** A receiver that was up to date before it lagged. */
    private void lag(long missed) {
        sizes.lagged(new LagSizes.Deficit("audit", 3), 0, missed, 0, false);
    }

    @Test
    void withoutLagsTheCapacityHolds() {
        assertThat(sizes.advice())
                .isEqualTo(new Advice(64, 0, 0, "No receiver has lagged: the capacity 64 holds."));
    }

    @Test
    void theSmallestPowerOfTwoIsAdvisedThatWouldHaveHeld() {
        lag(64);
        assertThat(sizes.advice().capacity()).isEqualTo(128);
        lag(65);
        assertThat(sizes.advice().capacity()).isEqualTo(256);
        assertThat(sizes.advice())
                .isEqualTo(
                        new Advice(
                                256,
                                129,
                                2,
                                "A capacity of 256 would have held at 99 of 100 lags of late; the"
                                        + " worst so far would have needed 129. The capacity is"
                                        + " 64."));
    }

    @Test
    void oneLagInAHundredMayBeLarger() {
        lag(10_000);
        for (int i = 0; i < 98; i++) {
            lag(1);
        }
        assertThat(sizes.advice().capacity()).as("1 of 99").isEqualTo(16384);
        lag(1);
        assertThat(sizes.advice().capacity()).as("1 of 100").isEqualTo(128);
        assertThat(sizes.advice().largest()).isEqualTo(10_064);
    }

    @Test
    void aReceiverThatDoesNotCatchUpNeedsMoreAtEachLag() {
        LagSizes.Deficit of = new LagSizes.Deficit(null, 3);
        sizes.lagged(of, 0, 100, 0, false);
        sizes.lagged(of, 110, 100, 0, false);
        assertThat(sizes.advice().largest()).isEqualTo(264);
        sizes.lagged(of, 300, 100, 250, false);
        assertThat(sizes.advice().largest()).as("it was up to date at 250").isEqualTo(264);
    }

    @Test
    void oneThatSkipsToTheNewestNeedsNoMoreThanItSkipped() {
        sizes.lagged(new LagSizes.Deficit("screen", 3), 0, 99, 0, true);
        assertThat(sizes.advice().largest()).isEqualTo(100);
    }

    @Test
    void aReceiverSlowerThanThePublishersIsNamedAndNoCapacityAdvised() {
        LagSizes.Deficit unnamed = new LagSizes.Deficit(null, 17);
        sizes.lagged(unnamed, 0, 10_000, 0, false);
        sizes.lagged(unnamed, 10_064, 60_000, 0, false);
        assertThat(sizes.advice().capacity()).isZero();
        assertThat(sizes.advice().text())
                .startsWith(
                        "No capacity would hold: receiver with id 17 has missed 70,000 messages"
                                + " without catching up");
    }

    /** It has caught up since, or will: it is not said to be slower than the publishers. */
    @Test
    void aReceiverThatStoppedForTooLongIsNamedWithWhatItMissedAtOnce() {
        lag(80_000);
        assertThat(sizes.advice().capacity()).isZero();
        assertThat(sizes.advice().text())
                .isEqualTo(
                        "No capacity would have held: receiver audit stopped for so long that it"
                                + " missed 80,000 messages at once. Look for what stopped it: its"
                                + " handler, a pause of the JVM, a busy machine.");
    }

    @Test
    void aReceiverThatHasCaughtUpAfterAStopIsNotSlowForTheNext() {
        LagSizes.Deficit of = new LagSizes.Deficit("audit", 3);
        sizes.lagged(of, 0, 80_000, 0, false);
        sizes.lagged(of, 90_000, 70_000, 85_000, false);
        assertThat(sizes.advice().text()).contains("audit stopped").contains("70,000 messages at");
    }

    @Test
    void lagsAreForgottenByHalvesEachMinute() {
        for (int i = 0; i < 99; i++) {
            lag(10_000);
        }
        now += TimeUnit.MINUTES.toNanos(1);
        lag(1);
        assertThat(sizes.advice().capacity()).isEqualTo(16384);
        now += TimeUnit.MINUTES.toNanos(14);
        for (int i = 0; i < 99; i++) {
            lag(1);
        }
        assertThat(sizes.advice().capacity()).isEqualTo(128);
        now += TimeUnit.HOURS.toNanos(2);
        assertThat(sizes.advice().text())
                .isEqualTo("No receiver has lagged of late: the capacity 64 holds.");
        assertThat(sizes.advice().lags()).isEqualTo(199);
    }

    @Test
    void aBusTellsWhatItsReceiversLacked() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            for (int i = 0; i < 20; i++) {
                bus.publish(i);
            }
            rx.drain(1, received -> {});
            assertThat(bus.advice().capacity()).isEqualTo(32);
            assertThat(bus.advice().largest()).isEqualTo(20);
        }
    }

    @Test
    void whatWasPublishedBeforeASubscriptionAsksForNoCapacity() {
        try (Bus<Integer> bus = Buses.open(Mode.CLASSIC, 4)) {
            for (int i = 0; i < 20; i++) {
                bus.publish(i);
            }
            try (Receiver<Integer> rx = bus.subscribe(o -> o.from(0))) {
                rx.drain(1, received -> {});
                assertThat(bus.advice().lags()).isZero();
            }
        }
    }
}
