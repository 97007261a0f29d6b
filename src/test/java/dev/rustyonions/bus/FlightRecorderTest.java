package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.fixture.ForkedJvm;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import jdk.jfr.Enabled;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a flight recording shows of a bus. */
class FlightRecorderTest {
    private static final String SECRET = "the payload";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(ronbus\\.\\w+)` \\| (\\w+) \\|");

    @TempDir Path folder;

    private List<RecordedEvent> recorded(Recording recording) throws IOException {
        recording.stop();
        Path file = folder.resolve("bus.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("ronbus."))
                .filter(event -> event.getString("bus").equals("flight"))
                .toList();
    }

    private static Bus<String> bus() {
        return Bus.builder().name("flight").capacity(4).build();
    }

    @Test
    void aLagAndACloseAreRecordedWithoutSettings() throws IOException {
        try (Recording recording = new Recording()) {
            recording.start();
            Bus<String> bus = bus();
            Receiver<String> receiver = bus.subscribe(o -> o.name("audit"));
            for (int i = 0; i < 10; i++) {
                bus.publish(SECRET);
            }
            receiver.tryRecv();
            bus.close();
            bus.close();
            List<RecordedEvent> events = recorded(recording);
            assertThat(events)
                    .extracting(event -> event.getEventType().getName())
                    .containsExactly("ronbus.Lag", "ronbus.Close");
            RecordedEvent lag = events.get(0);
            assertThat(lag.getString("bus")).isEqualTo("flight");
            assertThat(lag.getString("receiver")).isEqualTo("audit");
            assertThat(lag.getLong("sequence")).isZero();
            assertThat(lag.getLong("missed")).isEqualTo(6);
            assertThat(lag.getEventType().getCategoryNames()).containsExactly("ron-bus");
            RecordedEvent close = events.get(1);
            assertThat(close.getLong("published")).isEqualTo(10);
            assertThat(close.getInt("receivers")).isEqualTo(1);
            assertThat(events).noneMatch(event -> event.toString().contains(SECRET));
        }
    }

    /** The recorder of this JVM may be there already, so another one is asked. */
    @Test
    void aProgramThatRecordsNothingMakesNoRecorderAndOneThatBeginsLaterHasItsEvents()
            throws Exception {
        ForkedJvm.Outcome outcome =
                ForkedJvm.run(folder, RecordsLater.class, ForkedJvm.SHORT_LIVED, folder.toString());
        assertThat(outcome.exit()).as(outcome.printed()).isZero();
    }

    /** A bus, and then a recording. */
    static final class RecordsLater {
        private RecordsLater() {}

        public static void main(String[] args) throws IOException {
            try (Bus<String> other = Bus.create(4)) {
                Receiver<String> receiver = other.subscribe();
                other.publish("a");
                receiver.recv();
            }
            Bus<String> bus = bus();
            Receiver<String> receiver = bus.subscribe();
            if (FlightRecorder.isInitialized()) {
                throw new AssertionError("there is a recorder");
            }
            try (Recording recording = new Recording()) {
                recording.start();
                for (int i = 0; i < 10; i++) {
                    bus.publish("b");
                }
                receiver.tryRecv();
                bus.close();
                recording.stop();
                Path file = Path.of(args[0], "later.jfr");
                recording.dump(file);
                List<String> events =
                        RecordingFile.readAllEvents(file).stream()
                                .map(event -> event.getEventType().getName())
                                .toList();
                if (!events.containsAll(List.of("ronbus.Lag", "ronbus.Close"))) {
                    throw new AssertionError(events);
                }
            }
        }
    }

    @Test
    void aWakeUpIsRecordedWithTheNumberOfReceiversEnlisted() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("ronbus.Wake");
            recording.start();
            Bus<String> bus = bus();
            List<Thread> parked =
                    Stream.generate(bus::subscribe)
                            .limit(3)
                            .map(receiver -> Thread.ofVirtual().start(receiver::recv))
                            .toList();
            await().until(
                            () ->
                                    parked.stream()
                                            .allMatch(t -> t.getState() == Thread.State.WAITING));
            bus.publish(SECRET);
            for (Thread thread : parked) {
                thread.join();
            }
            assertThat(recorded(recording))
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.getEventType().getName()).isEqualTo("ronbus.Wake");
                                assertThat(event.getString("bus")).isEqualTo("flight");
                                assertThat(event.getInt("receivers")).isEqualTo(3);
                            });
        }
    }

    @Test
    void wakeUpsAreNotRecordedUnlessAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            Bus<String> bus = bus();
            Receiver<String> receiver = bus.subscribe();
            Task<Received<String>> parked =
                    Task.start(ThreadKind.VIRTUAL, receiver::recv).untilParked();
            bus.publish(SECRET);
            parked.result();
            assertThat(bus.stats().wakeups()).isEqualTo(1);
            bus.close();
            assertThat(recorded(recording))
                    .extracting(event -> event.getEventType().getName())
                    .containsExactly("ronbus.Close");
        }
    }

    @Test
    void aConsumerThatFailsIsRecordedWithTheClassOfWhatItThrew() throws IOException {
        try (Recording recording = new Recording()) {
            recording.start();
            Bus<String> bus = bus();
            Receiver<String> receiver = bus.subscribe(o -> o.name("audit"));
            bus.publish(SECRET);
            assertThatThrownBy(
                            () ->
                                    receiver.consume(
                                            event -> {
                                                throw new IllegalStateException(event);
                                            },
                                            missed -> {}))
                    .hasMessage(SECRET);
            assertThat(recorded(recording))
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.getEventType().getName())
                                        .isEqualTo("ronbus.Failure");
                                assertThat(event.getString("receiver")).isEqualTo("audit");
                                assertThat(event.getString("failure"))
                                        .isEqualTo("java.lang.IllegalStateException");
                                assertThat(event.toString()).doesNotContain(SECRET);
                            });
        }
    }

    private static Bus<String> full() {
        Bus<String> bus = bus();
        for (int i = 0; i < bus.capacity(); i++) {
            bus.publish(SECRET);
        }
        return bus;
    }

    @Test
    void aWaitOfAPublisherIsRecordedWithItsDurationAndTheReceiverInItsWay() throws IOException {
        Duration waited = Duration.ofMillis(10);
        try (Recording recording = new Recording();
                Bus<String> bus = full();
                Receiver<String> audit = bus.subscribe(o -> o.name("audit").oldest().lossless())) {
            recording.start();
            assertThat(bus.offer(SECRET, waited)).isEqualTo(Sender.TIMED_OUT);
            assertThat(audit.depth()).isEqualTo(4);
            assertThat(recorded(recording))
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.getEventType().getName()).isEqualTo("ronbus.Wait");
                                assertThat(event.getString("receiver")).isEqualTo("audit");
                                assertThat(event.getDuration("waited"))
                                        .isGreaterThanOrEqualTo(waited);
                                assertThat(event.toString()).doesNotContain(SECRET);
                            });
        }
    }

    @Test
    void waitsOfLessThanTenMillisecondsAreNotRecorded() throws IOException {
        try (Recording recording = new Recording()) {
            recording.start();
            JfrGate.waited("flight", null, 9_999_999);
            JfrGate.waited("flight", null, 10_000_000);
            assertThat(recorded(recording))
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.getString("receiver")).isNull();
                                assertThat(event.getDuration("waited"))
                                        .isEqualTo(Duration.ofMillis(10));
                            });
        }
    }

    @Test
    void aPatienceThatIsOverIsRecordedOnceWithTheTimeThatPublishersHadWaited() throws IOException {
        Duration patience = Duration.ofMillis(2);
        try (Recording recording = new Recording();
                Bus<String> bus = full();
                Receiver<String> audit =
                        bus.subscribe(o -> o.name("audit").oldest().lossless(patience))) {
            recording.start();
            for (int i = 0; i < 10; i++) {
                assertThat(bus.submit(SECRET)).isNotNegative();
            }
            assertThat(audit.tryRecv()).isInstanceOf(Lagged.class);
            assertThat(recorded(recording))
                    .filteredOn(event -> event.getEventType().getName().endsWith("PatienceOver"))
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.getString("receiver")).isEqualTo("audit");
                                assertThat(event.getDuration("waited")).isGreaterThan(patience);
                                assertThat(event.toString()).doesNotContain(SECRET);
                            });
        }
    }

    @Test
    void theGuideNamesEveryEventAndWhetherItIsOnUnlessAskedFor() throws IOException {
        Map<String, String> events = new TreeMap<>();
        for (Class<?> type : JfrEvents.class.getDeclaredClasses()) {
            Name name = type.getAnnotation(Name.class);
            if (name != null) {
                Enabled enabled = type.getAnnotation(Enabled.class);
                events.put(name.value(), enabled == null || enabled.value() ? "on" : "off");
            }
        }
        Map<String, String> told = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/observability.md")))
                .results()
                .forEach(row -> told.put(row.group(1), row.group(2)));
        assertThat(told).isEqualTo(events).hasSizeGreaterThan(5);
    }

    @Test
    void publishAndReceiveAreSampledOnceARecordingAsksForThemAndUntilItEnds() throws IOException {
        Bus<String> bus = bus();
        Receiver<String> receiver = bus.subscribe(o -> o.name("audit"));
        long before = pass(bus, receiver, 2000);
        try (Recording recording = new Recording()) {
            recording.enable("ronbus.Publish");
            recording.enable("ronbus.Receive");
            recording.start();
            long during = pass(bus, receiver, 4096);
            List<RecordedEvent> events = recorded(recording);
            assertThat(events)
                    .extracting(event -> event.getEventType().getName())
                    .contains("ronbus.Publish", "ronbus.Receive");
            assertThat(events)
                    .allSatisfy(
                            event -> {
                                assertThat(event.getLong("sequence") % 1024).isZero();
                                assertThat(event.getLong("sequence")).isBetween(before, during);
                                assertThat(event.getString("bus")).isEqualTo("flight");
                            });
            assertThat(events).hasSize(2 * 4);
        }
        pass(bus, receiver, 1024);
        try (Recording recording = new Recording()) {
            recording.start();
            pass(bus, receiver, 4096);
            assertThat(recorded(recording)).isEmpty();
        }
    }

    /**
     * Passes messages through the bus, after a wait: that is when the recorder is asked what it
     * wants.
     */
    private static long pass(Bus<String> bus, Receiver<String> receiver, int messages) {
        receiver.recvTimeout(Duration.ofNanos(1));
        for (int i = 0; i < messages; i++) {
            bus.publish(SECRET);
            receiver.recv();
        }
        return bus.stats().published();
    }
}
