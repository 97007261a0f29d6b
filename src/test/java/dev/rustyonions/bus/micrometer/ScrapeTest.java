package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a scrape over HTTP shows, read by a parser of the exposition format. */
class ScrapeTest {
    static final Map<String, MetricType> CONTRACT =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("ron_bus_publish_total", MetricType.COUNTER),
                            Map.entry("ron_bus_drop_lagged_total", MetricType.COUNTER),
                            Map.entry("ron_bus_conflated_total", MetricType.COUNTER),
                            Map.entry("ron_bus_subscriber_wakeups_total", MetricType.COUNTER),
                            Map.entry("ron_bus_consumer_failures_total", MetricType.COUNTER),
                            Map.entry("ron_bus_publisher_waits_total", MetricType.COUNTER),
                            Map.entry("ron_bus_patience_over_total", MetricType.COUNTER),
                            Map.entry("ron_bus_publishers_waiting", MetricType.GAUGE),
                            Map.entry("ron_bus_ring_depth", MetricType.GAUGE),
                            Map.entry("ron_bus_capacity", MetricType.GAUGE),
                            Map.entry("ron_bus_capacity_advised", MetricType.GAUGE),
                            Map.entry("ron_bus_subscribers", MetricType.GAUGE),
                            Map.entry("ron_bus_publish_ns", MetricType.HISTOGRAM),
                            Map.entry("ron_bus_end_to_end_latency_ns", MetricType.HISTOGRAM),
                            Map.entry("ron_bus_lag_distance", MetricType.HISTOGRAM)));

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private MetricsEndpoint endpoint;

    @BeforeEach
    void serve() throws IOException {
        endpoint = new MetricsEndpoint(registry);
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    private static BusMetrics.Builder metrics(Bus<?> bus) {
        return BusMetrics.builder(bus).fresh(Duration.ZERO);
    }

    private static void publish(Bus<Integer> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.publish(i);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyModeShowsTheNamesTypesHelpAndLabelsOfTheContract(Mode mode) {
        Bus<Integer> bus =
                Bus.builder().name("orders").mode(mode).capacity(8).pqLabel("ml-kem").build();
        try (BusMetrics metrics =
                metrics(bus).histograms(1).tags(Tags.of("service", "shop")).build()) {
            metrics.bindTo(registry);
            Receiver<Integer> receiver = bus.subscribe();
            publish(bus, 10);
            receiver.drain(20, received -> {});

            Map<String, MetricFamily> scraped = endpoint.scrape();
            CONTRACT.forEach(
                    (name, type) -> {
                        assertThat(scraped).containsKey(name);
                        MetricFamily family = scraped.get(name);
                        assertThat(family.getType()).as(name).isEqualTo(type);
                        assertThat(family.getHelp()).as(name).isNotBlank();
                        assertThat(family.getMetrics())
                                .as(name)
                                .singleElement()
                                .extracting(Metric::getLabels)
                                .isEqualTo(
                                        Map.of(
                                                "bus", "orders",
                                                "mode", mode.name().toLowerCase(),
                                                "amnesia", "off",
                                                "pq", "ml-kem",
                                                "service", "shop"));
                    });
            assertThat(endpoint.value("ron_bus_publish_total")).isEqualTo(10);
            assertThat(endpoint.value("ron_bus_drop_lagged_total")).isEqualTo(2);
            assertThat(endpoint.value("ron_bus_capacity")).isEqualTo(8);
            assertThat(histogram("ron_bus_lag_distance").getSampleCount()).isEqualTo(1);
            assertThat(histogram("ron_bus_lag_distance").getSampleSum()).isEqualTo(2);
            assertThat(histogram("ron_bus_publish_ns").getSampleCount()).isEqualTo(10);
            assertThat(histogram("ron_bus_end_to_end_latency_ns").getSampleCount()).isEqualTo(8);
        }
        assertThat(endpoint.scrape()).isEmpty();
    }

    private Histogram histogram(String name) {
        return (Histogram) endpoint.scrape().get(name).getMetrics().get(0);
    }

    @Test
    void aBurstRaisesDepthAndLossAndADrainBringsDepthBackAndStopsTheLoss() {
        Bus<Integer> bus = Bus.create(64);
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            Receiver<Integer> receiver = bus.subscribe();
            assertThat(endpoint.value("ron_bus_ring_depth")).isZero();
            assertThat(endpoint.value("ron_bus_drop_lagged_total")).isZero();

            publish(bus, 200);
            assertThat(endpoint.value("ron_bus_ring_depth")).isEqualTo(64);
            // Nobody has called recv: the loss shows nevertheless.
            assertThat(endpoint.value("ron_bus_drop_lagged_total")).isEqualTo(136);

            receiver.drain(100, received -> {});
            assertThat(endpoint.value("ron_bus_ring_depth")).isZero();
            publish(bus, 60);
            receiver.drain(100, received -> {});
            assertThat(endpoint.value("ron_bus_ring_depth")).isZero();
            assertThat(endpoint.value("ron_bus_drop_lagged_total")).isEqualTo(136);
            assertThat(receiver.missed()).isEqualTo(136);
        }
    }

    @Test
    void wakeUpsOfParkedReceiversAreCounted() throws InterruptedException {
        Bus<Integer> bus = Bus.create(64);
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            Receiver<Integer> receiver = bus.subscribe();
            Thread parked = Thread.ofVirtual().start(receiver::recv);
            await().until(() -> parked.getState() == Thread.State.WAITING);
            assertThat(endpoint.value("ron_bus_subscriber_wakeups_total")).isZero();
            bus.publish(1);
            parked.join();
            assertThat(endpoint.value("ron_bus_subscriber_wakeups_total")).isEqualTo(1);
            assertThat(endpoint.value("ron_bus_subscribers")).isEqualTo(1);
            receiver.close();
            assertThat(endpoint.value("ron_bus_subscribers")).isZero();
        }
    }

    @Test
    void namespaceAndLabelsFollowTheConfigurationOfTheBus() {
        Bus<Integer> bus =
                Bus.builder()
                        .metricsNamespace("shop.events")
                        .amnesiaLabel(false)
                        .amnesia(true)
                        .build();
        try (BusMetrics metrics = metrics(bus).legacyNames().build()) {
            metrics.bindTo(registry);
            Map<String, MetricFamily> scraped = endpoint.scrape();
            assertThat(scraped)
                    .containsKeys(
                            "shop_events_publish_total",
                            "bus_overflow_dropped_total",
                            "bus_queue_depth");
            assertThat(scraped.keySet()).noneMatch(name -> name.startsWith("ron_bus"));
            assertThat(scraped.get("shop_events_publish_total").getMetrics().get(0).getLabels())
                    .isEqualTo(Map.of("bus", "bus", "mode", "classic"));
        }
    }

    @Test
    void histogramsOfCostAndLatencyAndLegacyNamesAreThereOnRequestOnly() {
        try (BusMetrics metrics = new BusMetrics(Bus.create(8))) {
            metrics.bindTo(registry);
            assertThat(endpoint.scrape().keySet())
                    .contains("ron_bus_lag_distance")
                    .doesNotContain(
                            "ron_bus_publish_ns",
                            "ron_bus_end_to_end_latency_ns",
                            "bus_queue_depth",
                            "bus_overflow_dropped_total");
        }
    }

    @Test
    void aNamedReceiverHasItsOwnSeriesUntilItIsClosed() {
        Bus<Integer> bus = Bus.create(8);
        try (BusMetrics metrics = metrics(bus).build()) {
            metrics.bindTo(registry);
            bus.subscribe();
            Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"));
            publish(bus, 10);
            await().untilAsserted(
                            () -> {
                                assertThat(endpoint.value("ron_bus_receiver_depth")).isEqualTo(8);
                                assertThat(endpoint.value("ron_bus_receiver_missed_total"))
                                        .isEqualTo(2);
                            });
            assertThat(endpoint.scrape().get("ron_bus_receiver_depth").getMetrics().get(0))
                    .extracting(Metric::getLabels)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("receiver", "audit");
            audit.close();
            await().untilAsserted(
                            () ->
                                    assertThat(endpoint.scrape())
                                            .doesNotContainKeys(
                                                    "ron_bus_receiver_depth",
                                                    "ron_bus_receiver_missed_total"));
        }
    }
}
