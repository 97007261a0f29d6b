package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.hawkular.agent.prometheus.types.MetricType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Prometheus server scrapes a bus and evaluates the alert rules. Left out where none is
 * installed, unless the system property {@code ron.prometheus} is {@code required}.
 */
class PrometheusServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private String prometheus = "";
    private String promtool = "";

    @BeforeEach
    void isInstalled() {
        Optional<String> server = onPath("prometheus");
        Optional<String> tool = onPath("promtool");
        if (!"required".equals(System.getProperty("ron.prometheus"))) {
            assumeTrue(server.isPresent() && tool.isPresent(), "prometheus is not installed");
        }
        prometheus = server.orElseThrow(() -> new AssertionError("no prometheus on the PATH"));
        promtool = tool.orElseThrow(() -> new AssertionError("no promtool on the PATH"));
    }

    @AfterEach
    void closeClient() {
        http.close();
    }

    private static Optional<String> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    @Test
    void theRulesAreValidAndTheirCasesHold() throws Exception {
        run(promtool, "check", "rules", "ops/alerts.yml");
        run(promtool, "test", "rules", "ops/alerts_test.yml");
    }

    @Test
    void theScrapePassesThePrometheusLinter() throws Exception {
        Bus<Integer> bus = Bus.create(8);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (BusMetrics metrics = BusMetrics.builder(bus).histograms(1).build();
                Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"))) {
            assertThat(audit.depth()).isZero();
            metrics.bindTo(registry);
            Path exposition = Files.writeString(folder.resolve("metrics"), registry.scrape());
            Process lint =
                    new ProcessBuilder(promtool, "check", "metrics")
                            .redirectInput(exposition.toFile())
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // The linter would have seconds; the names with ns are what the contract says.
            assertThat(
                            output.lines()
                                    .filter(
                                            line ->
                                                    !line.contains("_ns")
                                                            || !line.endsWith("abbreviated units")))
                    .isEmpty();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void theLossAlertFiresWhenAReceiverStallsAndNotBefore() throws Exception {
        Bus<Integer> bus = Bus.builder().name("orders").capacity(64).build();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (MetricsEndpoint endpoint = new MetricsEndpoint(registry);
                BusMetrics metrics =
                        BusMetrics.builder(bus).tags(Tags.of("service", "shop")).build();
                Receiver<Integer> receiver = bus.subscribe()) {
            metrics.bindTo(registry);
            int port = freePort();
            Process server = start(port, endpoint.port());
            try {
                await().atMost(PATIENCE)
                        .until(() -> query(port, "ron_bus_capacity").contains("\"64\""));
                // Traffic that is received: no alert, through as many evaluations as the alert
                // needs.
                String evaluations = "prometheus_rule_group_iterations_total";
                double from = number(query(port, evaluations));
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    publish(bus, 60);
                                    receiver.drain(100, received -> {});
                                    return number(query(port, evaluations)) > from + 30;
                                });
                assertThat(firing(port)).doesNotContain("RonBusLosingMessages");
                // The same traffic and a receiver that has stopped.
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    publish(bus, 60);
                                    return firing(port).contains("RonBusLosingMessages");
                                });
                // It drains and keeps up: the alert ends.
                await().atMost(PATIENCE)
                        .until(
                                () -> {
                                    publish(bus, 60);
                                    receiver.drain(100, received -> {});
                                    return !firing(port).contains("RonBusLosingMessages");
                                });
            } finally {
                stop(server);
            }
        }
    }

    @Test
    void theStuckAlertFiresWhileAPublisherWaitsForAReceiverAndEndsWhenThatIsEvicted()
            throws Exception {
        Bus<Integer> bus = Bus.builder().name("orders").capacity(64).build();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (MetricsEndpoint endpoint = new MetricsEndpoint(registry);
                BusMetrics metrics =
                        BusMetrics.builder(bus)
                                .histograms(1)
                                .tags(Tags.of("service", "shop"))
                                .build();
                Receiver<Integer> stuck = bus.subscribe(o -> o.name("audit").lossless())) {
            metrics.bindTo(registry);
            int port = freePort();
            Process server = start(port, endpoint.port());
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () ->
                                        assertThat(ScrapeTest.CONTRACT)
                                                .allSatisfy(
                                                        (name, type) ->
                                                                assertThat(series(port, name, type))
                                                                        .contains("orders")));
                publish(bus, 64);
                Task<Long> publisher =
                        Task.start(ThreadKind.VIRTUAL, () -> bus.submit(64)).untilParkedTimed();
                await().atMost(PATIENCE)
                        .until(() -> firing(port).contains("RonBusPublishersStuck"));
                // The window is full, and nothing is lost.
                assertThat(firing(port)).doesNotContain("RonBusReceiverStuck", "RonBusNearlyFull");
                assertThat(bus.evict(stuck.id())).isTrue();
                assertThat(publisher.result()).isEqualTo(64);
                await().atMost(PATIENCE)
                        .until(() -> !firing(port).contains("RonBusPublishersStuck"));
            } finally {
                stop(server);
            }
        }
    }

    private String series(int port, String name, MetricType type) {
        return query(port, type == MetricType.HISTOGRAM ? name + "_bucket" : name);
    }

    private static void stop(Process server) throws InterruptedException {
        server.destroy();
        if (!server.waitFor(10, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    private static void publish(Bus<Integer> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.publish(i);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * The rules of ops/alerts.yml with minutes made seconds, so that the test need not take them.
     */
    private Process start(int port, int target) throws IOException {
        Files.writeString(
                folder.resolve("alerts.yml"),
                Files.readString(Path.of("ops/alerts.yml"))
                        .replaceAll("\\[(\\d+)m]", "[2s]")
                        .replaceAll("for: (\\d+)m", "for: 1s"));
        Path config =
                Files.writeString(
                        folder.resolve("prometheus.yml"),
                        """
                        global:
                          scrape_interval: 100ms
                          scrape_timeout: 100ms
                          evaluation_interval: 100ms
                        rule_files: [alerts.yml]
                        scrape_configs:
                          - job_name: bus
                            static_configs:
                              - targets: ['localhost:%d']
                          - job_name: self
                            static_configs:
                              - targets: ['localhost:%d']
                        """
                                .formatted(target, port));
        return new ProcessBuilder(
                        prometheus,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    private String query(int port, String expression) {
        return get(
                port,
                "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    }

    /** The value in an answer with one sample; 0 while there is none. */
    private static double number(String answer) {
        String[] parts = answer.split("\"value\":\\[[^,]+,\"");
        return parts.length < 2
                ? 0
                : Double.parseDouble(parts[1].substring(0, parts[1].indexOf('"')));
    }

    private String firing(int port) {
        return query(port, "ALERTS{alertstate=\"firing\", bus=\"orders\", service=\"shop\"}");
    }

    private String get(int port, String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return ""; // not up yet
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
