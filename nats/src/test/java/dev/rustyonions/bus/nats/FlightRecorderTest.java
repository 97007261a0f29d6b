package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;

import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a flight recording shows of the bridge. */
class FlightRecorderTest {
    private static final String SECRET = "the payload";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(ronbus\\.nats\\.\\w+)` \\|");

    /** Other tests of this process may have events of their own. */
    private static final String ORIGIN = "flight";

    @TempDir Path directory;

    @Test
    void anOutageALossARestartAndASilenceAreRecordedAndNoPayload() throws Exception {
        try (NatsServer server = NatsServer.start(directory);
                Recording recording = new Recording()) {
            recording.start();
            Connection near = server.connect();
            try (NatsImport<String> imported = Texts.importing(server.connect());
                    Bus<String> bus = Bus.create(4);
                    Bus<String> again = Bus.create(4)) {
                assertThat(registered()).containsAll(names());
                NatsExport<String> export = Texts.export(bus, ORIGIN, near);
                bus.publish(SECRET);
                Accounts.awaitNext(1, ORIGIN, imported);
                server.kill();
                await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
                server.start();
                await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
                await().until(() -> imported.stats().reconnects() == 1);
                bus.publish("x".repeat(2_000_000));
                bus.publish(SECRET);
                Accounts.awaitNext(3, ORIGIN, imported);
                export.close();
                await().until(() -> Accounts.stats(ORIGIN, imported).closed());
                Texts.export(again, ORIGIN, near).close();
                await().until(() -> Accounts.stats(ORIGIN, imported).restarts() == 1);
            }
            Map<String, List<RecordedEvent>> events = recorded(recording);
            assertThat(events.keySet()).isEqualTo(names());
            assertThat(events.get("ronbus.nats.Disconnected"))
                    .singleElement()
                    .satisfies(lost -> assertThat(lost.getString("side")).isEqualTo("export"));
            assertThat(events.get("ronbus.nats.Reconnected"))
                    .singleElement()
                    .satisfies(
                            there ->
                                    assertThat(there.getDuration("outage"))
                                            .isBetween(Duration.ofNanos(1), NatsServer.PATIENCE));
            assertThat(events.get("ronbus.nats.Lost"))
                    .singleElement()
                    .satisfies(
                            lost -> {
                                assertThat(lost.getString("cause")).isEqualTo("too-large");
                                assertThat(lost.getLong("number")).isEqualTo(1);
                                assertThat(lost.getLong("missed")).isEqualTo(1);
                                assertThat(lost.getEventType().getCategoryNames())
                                        .containsExactly("ron-bus");
                            });
            assertThat(events.get("ronbus.nats.Restarted")).hasSize(1);
            assertThat(events.get("ronbus.nats.Silent"))
                    .isNotEmpty()
                    .last()
                    .satisfies(silent -> assertThat(silent.getBoolean("closed")).isTrue());
            assertThat(events.toString()).doesNotContain(SECRET, "xxx");
        }
    }

    private Map<String, List<RecordedEvent>> recorded(Recording recording) throws Exception {
        recording.stop();
        Path file = directory.resolve("bridge.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("ronbus.nats."))
                .filter(event -> ORIGIN.equals(event.getString("origin")))
                // A file has the events of one carrier thread after those of another.
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .collect(
                        Collectors.groupingBy(
                                (RecordedEvent event) -> event.getEventType().getName()));
    }

    private static List<String> registered() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .map(EventType::getName)
                .toList();
    }

    private static Set<String> names() {
        return Stream.of(JfrEvents.class.getDeclaredClasses())
                .map(type -> type.getAnnotation(Name.class).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theGuideNamesEveryEvent() throws Exception {
        Set<String> told = new TreeSet<>();
        ROW.matcher(Files.readString(Path.of("../docs/nats.md")))
                .results()
                .forEach(row -> told.add(row.group(1)));
        assertThat(told).isEqualTo(names()).hasSize(5);
    }

    @Test
    void withoutTheRecorderNothingIsRecordedAndNothingFails() throws Exception {
        Process process = Jvm.start(List.of("--limit-modules", "java.base"), WithoutRecorder.class);
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(printed.strip()).isEqualTo("Optional.empty");
    }

    /** Runs in a JVM that has no recorder. */
    static final class WithoutRecorder {
        private WithoutRecorder() {}

        public static void main(String[] args) {
            JfrGate.begun();
            JfrGate.told(new Remote.Restarted<>(ORIGIN));
            JfrGate.disconnected("export", null);
            JfrGate.reconnected("export", null, 1);
            JfrGate.ended();
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr"));
        }
    }
}
