package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.nats.micrometer.NatsMetrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The metrics of the bridge, as a scrape shows them. */
@SuppressWarnings("try") // closed early, to see what is left
class NatsMetricsTest {
    private static final Set<String> NAMES =
            Set.of(
                    "ron_bus_nats_numbered_total",
                    "ron_bus_nats_sent_total",
                    "ron_bus_nats_unsent_total",
                    "ron_bus_nats_export_pending",
                    "ron_bus_nats_export_reconnects_total",
                    "ron_bus_nats_arrived_total",
                    "ron_bus_nats_lost_total",
                    "ron_bus_nats_restarts_total",
                    "ron_bus_nats_dropped_total",
                    "ron_bus_nats_foreign_total",
                    "ron_bus_nats_origins",
                    "ron_bus_nats_origins_silent",
                    "ron_bus_nats_import_pending",
                    "ron_bus_nats_import_reconnects_total");

    @TempDir Path directory;

    @Test
    void aScrapeShowsTheAccountsAndNothingOnceTheBindersAreClosed() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (NatsServer server = NatsServer.start(directory);
                Bus<String> bus = Bus.create(64);
                NatsImport<String> imported = Texts.importing(server.connect());
                NatsExport<String> export =
                        NatsExport.builder(bus, NatsMetricsTest::encoded)
                                .subject(Texts.SUBJECT)
                                .origin("shop")
                                .connection(server.connect())
                                .heartbeat(Texts.HEARTBEAT)
                                .start();
                NatsMetrics out = NatsMetrics.of(export, Tags.of("service", "shop"));
                NatsMetrics in = NatsMetrics.of(imported, Tags.of("service", "shop"))) {
            out.bindTo(registry);
            in.bindTo(registry);
            bus.publish("event");
            bus.publish("bad");
            Accounts.awaitNext(2, "shop", imported);
            await().until(() -> export.stats().numbered() == 2);

            String scrape = registry.scrape();
            assertThat(names(scrape)).isEqualTo(new TreeSet<>(NAMES));
            assertThat(scrape)
                    .contains("ron_bus_nats_numbered_total{service=\"shop\"} 2.0")
                    .contains("ron_bus_nats_arrived_total{service=\"shop\"} 1.0")
                    .contains(
                            "ron_bus_nats_unsent_total{cause=\"not-encodable\",service=\"shop\"}"
                                    + " 1.0")
                    .contains(
                            "ron_bus_nats_lost_total{cause=\"not-encodable\",service=\"shop\"} 1.0")
                    .contains("ron_bus_nats_origins_silent{service=\"shop\"} 0.0");
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aMeterThatIsThereAlreadyIsNeitherUsedNorRemoved() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (NatsServer server = NatsServer.start(directory);
                NatsImport<String> imported = Texts.importing(server.connect());
                NatsMetrics first = NatsMetrics.of(imported, Tags.of("service", "shop"));
                NatsMetrics second = NatsMetrics.of(imported, Tags.of("service", "shop"))) {
            Meter ofAnotherKind = registry.counter("ron.bus.nats.foreign", "service", "shop");
            assertThatThrownBy(() -> first.bindTo(registry))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ron.bus.nats.foreign");
            assertThat(registry.getMeters()).containsExactly(ofAnotherKind);
            registry.remove(ofAnotherKind);

            Meter ofAnother =
                    FunctionCounter.builder("ron.bus.nats.foreign", this, that -> 1)
                            .tags("service", "shop")
                            .register(registry);
            assertThatThrownBy(() -> first.bindTo(registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ron.bus.nats.foreign")
                    .hasMessageEndingWith("give each export and import tags of its own");
            assertThat(registry.getMeters()).containsExactly(ofAnother);
            registry.remove(ofAnother);

            first.bindTo(registry);
            List<Meter> bound = registry.getMeters();
            for (NatsMetrics again : List.of(first, second)) {
                assertThatThrownBy(() -> again.bindTo(registry))
                        .isInstanceOf(IllegalStateException.class);
            }
            second.close();
            assertThat(registry.getMeters()).containsExactlyInAnyOrderElementsOf(bound);
            first.close();
            assertThat(registry.getMeters()).isEmpty();
            assertThatThrownBy(() -> first.bindTo(registry))
                    .hasMessage("bindTo: these metrics are closed");
        }
    }

    @Test
    void theAlertsNameWhatAScrapeShowsAndHaveASectionInTheRunbook() throws Exception {
        String alerts = Files.readString(Path.of("../ops/nats_alerts.yml"));
        String runbook = Files.readString(Path.of("../RUNBOOK.md"));
        assertThat(NAMES).containsAll(found("\\bron_bus_nats_[a-z_]+\\b", alerts));
        assertThat(found("(?<=- alert: )\\w+", alerts))
                .hasSizeGreaterThan(2)
                .allSatisfy(alert -> assertThat(runbook).contains("### " + alert + "\n"));
    }

    @Test
    void theDashboardShowsEveryMeterAndNamesNothingElse() throws Exception {
        String dashboard = Files.readString(Path.of("../ops/nats_dashboard.json"));
        assertThat(found("\\bron_bus_nats_[a-z_]+\\b(?=\\{)", dashboard))
                .isEqualTo(new TreeSet<>(NAMES));
        assertThat(found("(?<=ron_bus_nats_\\()[a-z|]+(?=\\)_total)", dashboard))
                .containsExactly("numbered|arrived");
    }

    private static byte[] encoded(String text) {
        if (text.equals("bad")) {
            throw new IllegalArgumentException("bad");
        }
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Set<String> names(String scrape) {
        return found("(?m)^ron_bus_[a-z_]+", scrape);
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
