package dev.rustyonions.bus.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.ForkedJvm;

import jdk.jfr.FlightRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * No payload's text gets out of a bus that logs at the finest level, is scraped, and has every
 * event of the Flight Recorder on.
 */
@Timeout(180)
class NoPayloadIsToldTest {
    private static final String LOGGING =
            """
            handlers = java.util.logging.ConsoleHandler
            .level = ALL
            java.util.logging.ConsoleHandler.level = ALL
            jdk.event.security.level = OFF
            """;

    private static final List<String> OWN =
            List.of(
                    "ronbus.Lag",
                    "ronbus.Wake",
                    "ronbus.Failure",
                    "ronbus.Wait",
                    "ronbus.PatienceOver",
                    "ronbus.Close",
                    "ronbus.Publish",
                    "ronbus.Receive");

    @TempDir Path directory;

    @Test
    void neitherLogsNorMetricsNorExceptionsNorFlightEventsHoldAPayload() throws Exception {
        String told = told("discreet");
        assertThat(told)
                .contains(
                        "fell behind and missed",
                        "ended by " + Telling.class.getName() + "$Quoting",
                        "longer than its patience",
                        "would wait for itself",
                        "a key's own words",
                        "ron_bus_drop_lagged_total",
                        "ron_bus_patience_over_total",
                        "BusStats[",
                        "ReceiverStats[",
                        "Advice[",
                        "reason=EVICTED")
                .contains("dev.rustyonions.bus")
                .doesNotContain(Telling.marker());
    }

    @Test
    void aLeakPlantedInAnyChannelIsFound() throws Exception {
        String told = told("leaky");
        for (Telling.Leak leak : Telling.Leak.values()) {
            assertThat(told).contains(leak.payload());
        }
    }

    /** All that a run printed, and its recording in words. */
    private String told(String what) throws Exception {
        Path logging = Files.writeString(directory.resolve("logging.properties"), LOGGING);
        Path settings = Files.writeString(directory.resolve("all.jfc"), everyEvent());
        Path recording = directory.resolve(what + ".jfr");
        // The full run has the second compiler, whose events are many and hold no payload either.
        List<String> options = new ArrayList<>(Effort.of(ForkedJvm.SHORT_LIVED, List.<String>of()));
        options.addAll(
                List.of(
                        "-Djava.util.logging.config.file=" + logging,
                        "-Xlog:disable",
                        "-XX:StartFlightRecording:settings="
                                + settings
                                + ",filename="
                                + recording
                                + ",dumponexit=true"));
        ForkedJvm.Outcome run = ForkedJvm.run(directory, Telling.class, options, what);
        assertThat(run.exit()).as(run.printed()).isZero();
        assertThat(run.printed()).containsPattern("payloads: [1-9]\\d\\d");
        String flight =
                ForkedJvm.runTool(directory, "jfr", "print", recording.toString()).printed();
        assertThat(flight).contains(OWN).contains("jdk.JavaThreadStatistics");
        return run.printed()
                + flight
                + Files.readString(recording, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /**
     * Settings with every event on that this JDK knows, at any duration; the bus's own are of its
     * category.
     */
    private static String everyEvent() {
        String jdk =
                FlightRecorder.getFlightRecorder().getEventTypes().stream()
                        .map(type -> event(type.getName()))
                        .collect(Collectors.joining());
        String own = OWN.stream().map(NoPayloadIsToldTest::event).collect(Collectors.joining());
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><configuration version=\"2.0\">"
                + jdk
                + own
                + "</configuration>";
    }

    private static String event(String name) {
        return ("<event name=\"%s\"><setting name=\"enabled\">true</setting>"
                        + "<setting name=\"threshold\">0 ms</setting></event>")
                .formatted(name);
    }
}
