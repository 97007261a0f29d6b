package dev.rustyonions.bus.micrometer;

import com.sun.net.httpserver.HttpServer;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.hawkular.agent.prometheus.PrometheusScraper;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves a registry at /metrics on virtual threads, as a service would, and scrapes it over HTTP.
 */
final class MetricsEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    MetricsEndpoint(PrometheusMeterRegistry registry) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/metrics",
                exchange -> {
                    byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders()
                            .set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                    exchange.sendResponseHeaders(200, body.length);
                    try (var out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI uri() {
        return URI.create("http://localhost:" + port() + "/metrics");
    }

    /** The metrics by family name, as a parser of the exposition format reads them. */
    Map<String, MetricFamily> scrape() {
        try {
            List<MetricFamily> families = new PrometheusScraper(uri().toURL()).scrape();
            return families.stream()
                    .collect(Collectors.toMap(MetricFamily::getName, Function.identity()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of the only series of a name. */
    double value(String name) {
        MetricFamily family = scrape().get(name);
        if (family == null || family.getMetrics().size() != 1) {
            throw new AssertionError(name + ": " + family);
        }
        return value(family.getMetrics().get(0));
    }

    static double value(Metric metric) {
        return switch (metric) {
            case Counter counter -> counter.getValue();
            case Gauge gauge -> gauge.getValue();
            default -> throw new AssertionError(metric.getName() + " has no single value");
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
