package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The alert rules and the dashboard name what a scrape shows, and leave nothing of the contract
 * out.
 */
class OpsFilesTest {
    private static final Pattern METRIC = Pattern.compile("\\bron_bus_[a-z_]+\\b");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    private static Set<String> found(Pattern pattern, int group, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    /** Every series name a scrape of a bus with all meters shows. */
    private static Set<String> scraped() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Bus<Integer> bus = Bus.create(8);
        try (MetricsEndpoint endpoint = new MetricsEndpoint(registry);
                BusMetrics metrics =
                        BusMetrics.builder(bus)
                                .fresh(Duration.ZERO)
                                .histograms(1)
                                .tags(Tags.of("service", "shop"))
                                .build();
                Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"))) {
            metrics.bindTo(registry);
            assertThat(audit.depth()).isZero();
            Map<String, MetricFamily> families = endpoint.scrape();
            Set<String> names = new TreeSet<>();
            families.forEach(
                    (name, family) -> {
                        names.add(name);
                        if (family.getType() == MetricType.HISTOGRAM) {
                            names.add(name + "_bucket");
                        }
                    });
            return names;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops/alerts.yml", "ops/alerts_test.yml", "ops/dashboard.json"})
    void everyMetricNamedIsInTheScrape(String file) throws IOException {
        Set<String> named = found(METRIC, 0, read(file));
        assertThat(named).isNotEmpty();
        assertThat(scraped()).containsAll(named);
    }

    @Test
    void everyMetricOfTheContractIsInAPanelOrAnAlert() throws IOException {
        Set<String> named = found(METRIC, 0, read("ops/dashboard.json") + read("ops/alerts.yml"));
        assertThat(ScrapeTest.CONTRACT)
                .allSatisfy(
                        (name, type) ->
                                assertThat(named)
                                        .contains(
                                                type == MetricType.HISTOGRAM
                                                        ? name + "_bucket"
                                                        : name));
    }

    @Test
    void everyAlertHasACaseThatFiresAndOneThatDoesNotAndASectionInTheRunbook() throws IOException {
        String cases = read("ops/alerts_test.yml");
        String runbook = read("RUNBOOK.md");
        Set<String> alerts = found(ALERT, 1, read("ops/alerts.yml"));
        assertThat(alerts)
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        alert -> {
                            Pattern of =
                                    Pattern.compile(
                                            "alertname: " + alert + "\\s+exp_alerts:( \\[])?");
                            assertThat(found(of, 0, cases))
                                    .as(alert + ": a firing and a silent case")
                                    .hasSize(2);
                            assertThat(runbook).contains("### " + alert + "\n");
                        });
    }
}
