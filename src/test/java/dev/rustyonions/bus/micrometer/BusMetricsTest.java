package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
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
            assertThat(meters).hasSize(11);
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
        assertThat(meters()).hasSize(11);
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
        try (BusMetrics metrics = BusMetrics.builder(bus).fresh(Duration.ofHours(1)).build()) {
            metrics.bindTo(registry);
            publish(3);
            assertThat(registry.get("ron.bus.publish").functionCounter().count()).isZero();
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
            lost();
            assertThat(registry.find("ron.bus.receiver.missed").meter()).isNull();
            bus.subscribe(o -> o.name("client"));
            lost();
            assertThat(lostBy("client")).isZero();
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
            assertThat(meters()).hasSize(9);
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
            lost();
            assertThat(meters()).hasSize(9);
        }
    }

    @Test
    void keysAndValuesOfTagsFollowTheRuleOfNames() {
        BusMetrics.Builder builder = BusMetrics.builder(bus);
        String allowed =
                " is not 1 to 128 characters, not blank, without control characters or line"
                        + " separators";
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
