package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** What operators see over HTTP of an application that has no line of code for it. */
class ActuatorTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Bus<String> own() {
            return Bus.builder().name("own").capacity(2).build();
        }
    }

    private record Service(ConfigurableApplicationContext context) implements AutoCloseable {
        static Service start(String... arguments) {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add("--server.port=0");
            all.add("--ron.bus.buses.orders.capacity=4");
            all.add("--management.endpoint.health.show-details=always");
            all.add("--management.endpoints.web.exposure.include=*");
            return new Service(
                    SpringApplication.run(Application.class, all.toArray(String[]::new)));
        }

        @SuppressWarnings("unchecked")
        Bus<String> bus(String name) {
            return context.getBean(name, Bus.class);
        }

        HttpResponse<String> ask(String method, String path)
                throws IOException, InterruptedException {
            String port = context.getEnvironment().getRequiredProperty("local.server.port");
            return HTTP.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        JsonNode get(String path) throws IOException, InterruptedException {
            HttpResponse<String> response = ask("GET", path);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return new ObjectMapper().readTree(response.body());
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.start();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theMetricsOfEachBusAreThere() throws Exception {
        JsonNode tags = service.get("metrics/ron.bus.capacity").get("availableTags");
        assertThat(tags.toString()).contains("\"own\"", "\"orders\"");
        JsonNode capacity = service.get("metrics/ron.bus.capacity?tag=bus:orders");
        assertThat(capacity.at("/measurements/0/value").asInt()).isEqualTo(4);
    }

    @Test
    void theMetricsAreGoneWhenTheContextIsClosed() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        contextWith(registry)
                .run(context -> assertThat(registry.find("ron.bus.publish").meters()).hasSize(1));
        assertThat(registry.find("ron.bus.publish").meters()).isEmpty();
    }

    @Test
    void theMetricsAreNotThereWhereTheyAreTurnedOffOrTheApplicationBindsThemItself() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        contextWith(registry)
                .withPropertyValues("ron.bus.metrics.enabled=false")
                .run(context -> assertThat(registry.find("ron.bus.publish").meters()).isEmpty());
        contextWith(new SimpleMeterRegistry())
                .withBean(BusMetrics.class, () -> new BusMetrics(Bus.create()))
                .run(context -> assertThat(context).doesNotHaveBean(BusMetricsBinder.class));
    }

    @Test
    void theHistogramsAndTheNamesOfOlderDashboardsAreThereOnRequest() {
        SimpleMeterRegistry usual = new SimpleMeterRegistry();
        contextWith(usual)
                .run(
                        context -> {
                            assertThat(usual.find("ron.bus.publish.ns").meters()).isEmpty();
                            assertThat(usual.find("bus.queue.depth").meters()).isEmpty();
                        });
        SimpleMeterRegistry more = new SimpleMeterRegistry();
        contextWith(more)
                .withPropertyValues(
                        "ron.bus.metrics.histograms=true", "ron.bus.metrics.legacy-names=true")
                .run(
                        context -> {
                            assertThat(more.find("ron.bus.publish.ns").meters()).hasSize(1);
                            assertThat(more.find("bus.queue.depth").meters()).hasSize(1);
                        });
    }

    private static ApplicationContextRunner contextWith(MeterRegistry registry) {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(
                                MetricsAutoConfiguration.class,
                                RonBusAutoConfiguration.class,
                                RonBusMetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, () -> registry);
    }

    @Test
    void theHealthIsUpWithEachBusInItsDetails() throws Exception {
        JsonNode health = service.get("health").at("/components/ronBus");
        assertThat(health.get("status").asString()).isEqualTo("UP");
        assertThat(health.at("/details/orders/capacity").asInt()).isEqualTo(4);
        assertThat(health.at("/details/own/capacity").asInt()).isEqualTo(2);
    }

    @Test
    void theHealthIsNotThereWhereItIsTurnedOff() throws Exception {
        try (Service other = Service.start("--management.health.ronbus.enabled=false")) {
            assertThat(other.get("health").at("/components").has("ronBus")).isFalse();
            assertThat(other.get("health").at("/components").has("ping")).isTrue();
        }
    }

    @Test
    void theEndpointShowsTotalsAdviceAndTheReceiversFurthestBehind() throws Exception {
        Bus<String> orders = service.bus("orders");
        List<Receiver<String>> receivers = new ArrayList<>();
        for (int i = 0; i < RonBusEndpoint.SHOWN + 7; i++) {
            receivers.add(orders.subscribe());
        }
        try (Receiver<String> audit = orders.subscribe(o -> o.name("audit").lossless())) {
            orders.publishMany(List.of("a", "b", "c", "d", "e"));
            JsonNode report = service.get("ronbus").get("orders");
            assertThat(report).isEqualTo(service.get("ronbus/orders"));
            assertThat(report.get("name").asString()).isEqualTo("orders");
            assertThat(report.get("mode").asString()).isEqualTo("classic");
            assertThat(report.at("/totals/receivers").asInt()).isEqualTo(108);
            assertThat(report.at("/totals/capacity").asInt()).isEqualTo(4);
            assertThat(report.at("/advice/text").asString()).isNotBlank();
            assertThat(report.get("receivers")).hasSize(RonBusEndpoint.SHOWN);
            assertThat(report.get("receiversOmitted").asInt()).isEqualTo(8);
            JsonNode first = report.at("/receivers/0");
            assertThat(first.get("name").asString()).isEqualTo("audit");
            assertThat(first.get("id").asLong()).isEqualTo(audit.id());
            assertThat(first.get("depth").asInt()).isEqualTo(4);
            assertThat(first.get("missed").asInt()).isEqualTo(1);
            assertThat(first.get("lossless").asBoolean()).isTrue();
        } finally {
            receivers.forEach(Receiver::close);
        }
        assertThat(service.ask("GET", "ronbus/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void nobodyCanEvictAReceiverUnlessThatHasBeenAllowed() throws Exception {
        try (Receiver<String> rx = service.bus("orders").subscribe()) {
            assertThat(service.ask("DELETE", "ronbus/orders/" + rx.id()).statusCode())
                    .isIn(404, 405);
            assertThat(rx.tryRecv().toString()).isEqualTo("Empty[]");
        }
    }

    @Test
    void aReceiverIsEvictedByItsNumberWhereThatHasBeenAllowed() throws Exception {
        try (Service other = Service.start("--management.endpoint.ronbus.access=unrestricted");
                Receiver<String> rx = other.bus("orders").subscribe()) {
            String path = "ronbus/orders/" + rx.id();
            assertThat(other.ask("DELETE", path).body()).contains("\"evicted\":true");
            assertThat(rx.tryRecv().toString()).isEqualTo("Closed[reason=EVICTED]");
            assertThat(other.ask("DELETE", path).body()).contains("\"evicted\":false");
            assertThat(other.ask("DELETE", "ronbus/unknown/1").body())
                    .contains("\"evicted\":false");
        }
    }
}
