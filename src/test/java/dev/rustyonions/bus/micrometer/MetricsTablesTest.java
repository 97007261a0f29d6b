package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The table of metrics in the guide names what a scrape shows, and stands nowhere else. */
class MetricsTablesTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (ron_bus_\\w+) (\\w+)$");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ((?:`ron_bus_\\w+`(?:, )?)+) \\| (\\w+)[^|]* \\|");
    private static final Pattern NAME = Pattern.compile("ron_bus_\\w+");

    @Test
    void theTableHasEveryMetricOfAScrapeWithItsKindAndNoOther() throws IOException {
        assertThat(toldIn("docs/observability.md")).isEqualTo(scraped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "RUNBOOK.md"})
    void noOtherDocumentRepeatsTheTable(String file) throws IOException {
        assertThat(toldIn(file)).isEmpty();
    }

    private static Map<String, String> toldIn(String file) throws IOException {
        Map<String, String> told = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of(file)))
                .results()
                .forEach(
                        row ->
                                NAME.matcher(row.group(1))
                                        .results()
                                        .forEach(name -> told.put(name.group(), row.group(2))));
        return told;
    }

    /** Names and types; the largest value, which Micrometer adds to a histogram, aside. */
    private static Map<String, String> scraped() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Map<String, String> types = new TreeMap<>();
        try (Bus<Integer> bus = Bus.create(8);
                BusMetrics metrics =
                        BusMetrics.builder(bus).fresh(Duration.ZERO).histograms(1).build();
                Receiver<Integer> audit = bus.subscribe(o -> o.name("audit"))) {
            metrics.bindTo(registry);
            assertThat(audit.name()).isPresent();
            TYPE.matcher(registry.scrape())
                    .results()
                    .filter(type -> !type.group(1).endsWith("_max"))
                    .forEach(type -> types.put(type.group(1), type.group(2)));
        }
        return types;
    }
}
