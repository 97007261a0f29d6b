package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Binding, closing, and the meters of named receivers. */
class BusMetricsTest {
    private final Bus<Integer> bus = Bus.create(8);
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private BusMetrics bound(MeterRegistry... registries) {
        BusMetrics metrics = BusMetrics.builder(bus).fresh(Duration.ZERO).histograms(1).build();
        for (MeterRegistry to : registries) {
            metrics.bindTo(to);
        }
        return metrics;
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            bus.publish(i);
        }
    }

    private double lost() {
        return registry.get("ron.bus.drop.lagged").functionCounter().count();
    }

    private double counted(String name) {
        return registry.get(name).functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double lostBy(String receiver) {
        return registry.get("ron.bus.receiver.missed")
                .tags("receiver", receiver)
                .functionCounter()
                .count();
    }

    /** Without the gauges that this kind of registry keeps for each bucket of a histogram. */
    private List<Meter> meters() {
        return registry.getMeters().stream()
                .filter(meter -> !meter.getId().getName().endsWith(".histogram"))
                .toList();
    }

    @Test
    void everyMeterSaysWhatItCountsAndHasAUnitWhereItsNameEndsInOne() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            bus.subscribe(o -> o.name("audit"));
            lost();
            List<Meter> meters = meters();
            assertThat(meters).hasSize(18);
            assertThat(meters)
                    .allSatisfy(
                            meter -> {
                                assertThat(meter.getId().getDescription()).isNotBlank();
                                String unit = meter.getId().getBaseUnit();
                                assertThat(unit == null || meter.getId().getName().endsWith(unit))
                                        .isTrue();
                            });
            assertThat(registry.get("ron.bus.publish.ns").meter().getId().getBaseUnit())
                    .isEqualTo("ns");
        }
    }

    @Test
    void closingRemovesTheMetersFromEveryRegistryAndEndsTheObservation() {
        MeterRegistry other = new SimpleMeterRegistry();
        BusMetrics metrics = bound(registry, other);
        Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
        lost();
        assertThat(meters()).hasSize(18);
        metrics.close();
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
        assertThat(other.getMeters()).isEmpty();
        publish(20);
        audit.drain(20, received -> {});
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void theOrderOfClosingDoesNotMatter() {
        BusMetrics metrics = bound(registry);
        publish(5);
        registry.close();
        bus.close();
        bus.subscribe(o -> o.oldest()).drain(10, received -> {});
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void theTotalsOfAClosedBusStay() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            publish(5);
            bus.close();
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isEqualTo(5);
        }
    }

    @Test
    void closedMetricsRefuseToBeBound() {
        BusMetrics metrics = bound();
        metrics.close();
        assertThatThrownBy(() -> metrics.bindTo(registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bus=bus")
                .hasMessageContaining("are closed");
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aSecondBusOfTheSameNameIsRefusedRatherThanLeftUnseen() {
        try (BusMetrics metrics = bound(registry);
                BusMetrics second = new BusMetrics(Bus.create(16))) {
            assertThat(metrics).isNotNull();
            assertThatThrownBy(() -> second.bindTo(registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a name of its own with BusBuilder.name");
            assertThat(registry.get("ron.bus.capacity").gauge().value()).isEqualTo(8);
        }
    }

    @Test
    void aBusOfAnotherNameSharesTheRegistry() {
        try (BusMetrics metrics = bound(registry);
                BusMetrics second = new BusMetrics(Bus.builder().name("other").build())) {
            assertThat(metrics).isNotNull();
            second.bindTo(registry);
            assertThat(registry.find("ron.bus.capacity").gauges()).hasSize(2);
        }
    }

    @Test
    void metersOutliveTheCallersReferenceToTheMetrics() {
        bound(registry);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        publish(3);
        assertThat(registry.get("ron.bus.capacity").gauge().value()).isEqualTo(8);
        assertThat(registry.get("ron.bus.publish").functionCounter().count()).isEqualTo(3);
    }

    @Test
    void oneReadingServesAllMetersForAWhile() {
        try (BusMetrics metrics = BusMetrics.builder(bus).fresh(Duration.ofHours(1)).build();
                Receiver<Integer> slow = bus.subscribe()) {
            metrics.bindTo(registry);
            publish(20);
            slow.tryRecv();
            assertThat(bus.advice().capacity()).isEqualTo(32);
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isZero();
            assertThat(gauge("ron.bus.capacity.advised")).isEqualTo(8);
        }
    }

    @Test
    void receiversOfOneNameShareASeriesWhoseLossDoesNotFallWhenOneGoes() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            Receiver<Integer> first = bus.subscribe(o -> o.name("client"));
            publish(10); // first lost 2
            Receiver<Integer> second = bus.subscribe(o -> o.name("client"));
            publish(8); // first lost 10 by now, second is full
            lost();
            assertThat(lostBy("client")).isEqualTo(10);
            first.close();
            assertThat(lostBy("client")).isEqualTo(10);
            publish(5);
            assertThat(lostBy("client")).isEqualTo(15);
            second.close();
            assertThat(lostBy("client")).isEqualTo(15);
            lost();
            assertThat(registry.find("ron.bus.receiver.missed").meter()).isNull();
            bus.subscribe(o -> o.name("client"));
            lost();
            assertThat(lostBy("client")).isZero();
        }
    }

    @Test
    void whatReceiversOfANameLoseBetweenTwoScrapesIsCountedThoughEachHasEndedByThen() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            lost();
            for (int reconnected = 1; reconnected <= 3; reconnected++) {
                publish(16);
                audit.tryRecv();
                Receiver<Integer> next = bus.subscribe(o -> o.name("audit"));
                audit.close();
                audit = next;
                lost();
                assertThat(lostBy("audit")).isEqualTo(8 * reconnected);
            }
        }
    }

    @Test
    void aReceiverThatCameAndWentBetweenTwoScrapesIsSeenInTheNextTwo() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            Receiver<Integer> brief = bus.subscribe(o -> o.name("brief"));
            publish(11);
            brief.close();
            lost();
            assertThat(lostBy("brief")).isEqualTo(3);
            lost();
            assertThat(registry.find("ron.bus.receiver.missed").meter()).isNull();
        }
    }

    @Test
    void aConsumerWhoseHandlerThrowsIsCounted() {
        try (BusMetrics metrics = bound(registry);
                Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"))) {
            assertThat(metrics).isNotNull();
            publish(1);
            assertThatThrownBy(
                            () ->
                                    audit.consume(
                                            event -> {
                                                throw new IllegalStateException("planted");
                                            },
                                            missed -> {}))
                    .hasMessage("planted");
            assertThat(registry.get("ron.bus.consumer.failures").functionCounter().count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aCounterKeepsItsLastValueWhenItsReceiverHasGone() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            publish(18);
            lost();
            FunctionCounter missed = registry.get("ron.bus.receiver.missed").functionCounter();
            Gauge depth = registry.get("ron.bus.receiver.depth").gauge();
            assertThat(missed.count()).isEqualTo(10);
            assertThat(depth.value()).isEqualTo(8);
            audit.close();
            for (int readings = 0; readings < 4; readings++) {
                assertThat(missed.count()).isEqualTo(10);
                assertThat(depth.value()).isZero();
            }
            assertThat(registry.find("ron.bus.receiver.missed").meter()).isNull();
            publish(18);
            bus.subscribe(o -> o.name("audit"));
            publish(3);
            assertThat(missed.count()).isEqualTo(10);
        }
    }

    private static ReceiverStats ended(Optional<String> name, long missed) {
        return new ReceiverStats(0, name, 0, 0, 0, 0, missed, 0, false, false);
    }

    @Test
    void whatReceiversMissedThatEndedIsAddedToWhatTheLivingMissed() {
        try (BusMetrics metrics = bound(registry)) {
            bus.subscribe(o -> o.name("audit"));
            publish(10);
            lost();
            for (int ended = 1; ended <= 3; ended++) {
                metrics.recorder().ended(ended(Optional.of("audit"), 8));
                metrics.recorder().ended(ended(Optional.empty(), 1000));
                assertThat(lostBy("audit")).isEqualTo(2 + 8 * ended);
            }
        }
    }

    @Test
    void registriesThatReportDifferencesReportNoNegativeOne() {
        MockClock clock = new MockClock();
        SimpleConfig stepwise =
                new SimpleConfig() {
                    @Override
                    public @Nullable String get(String key) {
                        return null;
                    }

                    @Override
                    public CountingMode mode() {
                        return CountingMode.STEP;
                    }
                };
        MeterRegistry steps = new SimpleMeterRegistry(stepwise, clock);
        try (BusMetrics metrics = bound(steps)) {
            assertThat(metrics).isNotNull();
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            publish(18);
            steps.get("ron.bus.publish").functionCounter().count();
            FunctionCounter missed = steps.get("ron.bus.receiver.missed").functionCounter();
            double sum = 0;
            for (int step = 0; step < 6; step++) {
                if (step == 3) {
                    audit.close();
                }
                missed.count();
                clock.add(stepwise.step());
                assertThat(missed.count()).isNotNegative();
                sum += missed.count();
            }
            assertThat(sum).isEqualTo(10);
        }
    }

    @Test
    void namesBeyondTheLimitHaveNoSeriesAndAreCounted() {
        try (BusMetrics metrics =
                BusMetrics.builder(bus).fresh(Duration.ZERO).maxReceiverNames(2).build()) {
            metrics.bindTo(registry);
            List<Receiver<Integer>> receivers =
                    IntStream.range(0, 5)
                            .mapToObj(i -> bus.subscribe(o -> o.name("r" + i)))
                            .toList();
            assertThat(omitted()).isEqualTo(3);
            assertThat(registry.find("ron.bus.receiver.depth").gauges())
                    .extracting(gauge -> gauge.getId().getTag("receiver"))
                    .containsExactlyInAnyOrder("r0", "r1");
            receivers.get(0).close();
            omitted();
            assertThat(omitted()).isEqualTo(2);
            assertThat(registry.find("ron.bus.receiver.depth").gauges())
                    .extracting(gauge -> gauge.getId().getTag("receiver"))
                    .containsExactlyInAnyOrder("r2", "r1");
        }
    }

    private double omitted() {
        return registry.get("ron.bus.receiver.names.omitted").gauge().value();
    }

    @Test
    void aNegativeLimitOfNamesIsRefused() {
        assertThatThrownBy(() -> BusMetrics.builder(bus).maxReceiverNames(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxReceiverNames(-1): allowed are 0 and more");
    }

    @Test
    void consumersThatFailAreCountedWhoeverTheyAre() {
        try (BusMetrics metrics = bound(registry)) {
            metrics.recorder().failed(Optional.of("audit"), IllegalStateException.class);
            metrics.recorder().failed(Optional.empty(), AssertionError.class);
            assertThat(registry.get("ron.bus.consumer.failures").functionCounter().count())
                    .isEqualTo(2);
        }
    }

    @Test
    void aPublisherShowsWhileItWaitsForALosslessReceiverAndIsCountedAfterwards() {
        try (BusMetrics metrics = bound(registry);
                Receiver<Integer> audit = bus.subscribe(SubscribeOptions::lossless)) {
            assertThat(metrics).isNotNull();
            publish(8);
            assertThat(gauge("ron.bus.publishers.waiting")).isZero();
            Task<Long> publisher =
                    Task.start(ThreadKind.VIRTUAL, () -> bus.submit(8)).untilParkedTimed();
            assertThat(gauge("ron.bus.publishers.waiting")).isEqualTo(1);
            assertThat(counted("ron.bus.publisher.waits")).isEqualTo(1);
            audit.recv();
            publisher.result();
            assertThat(gauge("ron.bus.publishers.waiting")).isZero();
            assertThat(bus.offer(9, Duration.ofNanos(1))).isEqualTo(Sender.TIMED_OUT);
            assertThat(counted("ron.bus.publisher.waits")).isEqualTo(2);
        }
    }

    @Test
    void eachLosslessReceiverWhosePatienceIsOverIsCountedOnce() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            for (int stuck = 1; stuck <= 2; stuck++) {
                bus.subscribe(o -> o.lossless(Duration.ofNanos(1)));
                for (int i = 0; i < 20; i++) {
                    assertThat(bus.submit(i)).isNotNegative();
                }
                assertThat(counted("ron.bus.patience.over")).isEqualTo(stuck);
            }
        }
    }

    @Test
    void messagesLeftOutByConflationAreCountedAlsoOfReceiversThatHaveEnded() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            for (int reconnected = 1; reconnected <= 3; reconnected++) {
                try (Receiver<Integer> screen = bus.subscribe(o -> o.conflateBy(i -> i % 2))) {
                    publish(7);
                    screen.drain(7, received -> {});
                    assertThat(counted("ron.bus.conflated")).isEqualTo(5 * reconnected);
                }
                assertThat(counted("ron.bus.conflated")).isEqualTo(5 * reconnected);
            }
            assertThat(lost()).isZero();
        }
    }

    @Test
    void theCapacityAdvisedIsThatOfTheBusUntilAReceiverLagsAndZeroIfNoneWouldDo() {
        try (BusMetrics metrics = bound(registry);
                Receiver<Integer> slow = bus.subscribe()) {
            assertThat(metrics).isNotNull();
            assertThat(gauge("ron.bus.capacity.advised")).isEqualTo(8);
            publish(20);
            assertThat(gauge("ron.bus.capacity.advised")).as("not told yet").isEqualTo(8);
            slow.drain(8, received -> {});
            assertThat(gauge("ron.bus.capacity.advised")).isEqualTo(32);
            publish(70_000);
            slow.drain(8, received -> {});
            assertThat(gauge("ron.bus.capacity.advised")).isZero();
        }
    }

    @Test
    void receiversWithoutANameHaveNoMetersOfTheirOwn() {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            for (int i = 0; i < 100; i++) {
                bus.subscribe();
            }
            lost();
            assertThat(meters()).hasSize(16);
        }
    }

    @Test
    void tagsOfTheBusWinOverTagsOfTheCaller() {
        try (BusMetrics metrics =
                BusMetrics.builder(bus).tags(Tags.of("bus", "mine", "service", "shop")).build()) {
            metrics.bindTo(registry);
            assertThat(registry.get("ron.bus.capacity").gauge().getId().getTags())
                    .isEqualTo(
                            Tags.of(
                                            "amnesia", "off", "bus", "bus", "mode", "classic",
                                            "service", "shop")
                                    .stream()
                                    .toList());
        }
    }

    @Test
    void aPeriodOfLessThanOneIsRefused() {
        assertThatThrownBy(() -> BusMetrics.builder(bus).histograms(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("histograms(0): allowed are 1 and more");
    }

    @Test
    void readingsWhileReceiversComeAndGoLeaveNoMeterBehind() throws InterruptedException {
        try (BusMetrics metrics = bound(registry)) {
            assertThat(metrics).isNotNull();
            CountDownLatch done = new CountDownLatch(2);
            List<Thread> comers =
                    IntStream.range(0, 2)
                            .mapToObj(
                                    n ->
                                            Thread.ofVirtual()
                                                    .start(
                                                            () -> {
                                                                for (int i = 0; i < 500; i++) {
                                                                    String name = "r" + n + i % 7;
                                                                    bus.subscribe(o -> o.name(name))
                                                                            .close();
                                                                    lost();
                                                                }
                                                                done.countDown();
                                                            }))
                            .toList();
            for (Thread comer : comers) {
                comer.join();
            }
            assertThat(done.getCount()).isZero();
            lost(); // the last that shows the names that are gone
            lost();
            assertThat(meters()).hasSize(16);
        }
    }

    @Test
    void keysAndValuesOfTagsFollowTheRuleOfNames() {
        BusMetrics.Builder builder = BusMetrics.builder(bus);
        String allowed =
                " is not 1 to 128 characters, not blank, without control characters, line"
                        + " separators or marks that turn the direction of text";
        assertThatThrownBy(() -> builder.tags(Tags.of("region\n", "eu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tags, key: \"region\\n\"" + allowed);
        assertThatThrownBy(() -> builder.tags(Tags.of("region", "eu\nforged 1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tags, value of \"region\": \"eu\\nforged 1\"" + allowed);
        try (BusMetrics metrics = builder.tags(Tags.of("region", "eu")).build()) {
            metrics.bindTo(registry);
        }
    }
}
