package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;
import io.nats.client.Subscription;
import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Several events in one message, through a real server. */
class BatchTest {
    private static final String STREAM = "BATCHES";
    private static final String FIRST = "first";

    @TempDir Path directory;

    /** The export takes the first event and then waits, while others gather. */
    private final CountDownLatch gathered = new CountDownLatch(1);

    private NatsServer server;

    @BeforeEach
    void startServer() throws Exception {
        Path limits = directory.resolve("limits.conf");
        Files.writeString(limits, "max_payload: 8192\n");
        server =
                NatsServer.start(
                        directory,
                        "-c",
                        limits.toString(),
                        "-js",
                        "-sd",
                        directory.resolve("store").toString());
    }

    @AfterEach
    void stopServer() {
        gathered.countDown();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whatWaitsTravelsInFewMessagesAndArrivesInOrder() throws Exception {
        Connection far = server.connect();
        Subscription bare = far.subscribe(Texts.SUBJECT + ".shop");
        List<String> events = IntStream.range(0, 1_000).mapToObj(i -> "event " + i).toList();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(2048)) {
            NatsExport<String> export = exporting(bus).batch(100).start();
            bus.publish(FIRST);
            bus.publishMany(events);
            gathered.countDown();
            export.close();
            Accounts.balance(1_001, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
            assertThat(follower.of("shop").events.subList(1, 1_001)).isEqualTo(events);
        }
        // A heartbeat now and then, the farewell, and one or two messages more than need be.
        assertThat(bare.getPendingMessageCount()).isBetween(12L, 100L);
    }

    @Test
    void whatHasNoPlaceInAMessageIsLostInItsPlace() throws Exception {
        try (NatsImport<String> imported =
                        NatsImport.<String>builder(BatchTest::decoded)
                                .subject(Texts.SUBJECT)
                                .connection(server.connect())
                                .start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus).batch(50).start();
            bus.publish(FIRST);
            String large = "x".repeat(10_000);
            List.of("a", "nothing", "b", "undecodable", "c", large, "d", "unknown", "e")
                    .forEach(bus::publish);
            gathered.countDown();
            export.close();
            Accounts.balance(10, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").events)
                    .isEqualTo(List.of(FIRST, "a", "b", "c", "d", "e"));
            assertThat(follower.of("shop").lost)
                    .isEqualTo(
                            Map.of(
                                    Cause.NOT_ENCODABLE, 1L,
                                    Cause.TOO_LARGE, 1L,
                                    Cause.UNDECODABLE, 1L,
                                    Cause.UNKNOWN_TYPE, 1L));
        }
    }

    /** Each event that the filter is asked about is followed by another one. */
    @Test
    void aFilterThatThrowsEachTimeDoesNotKeepWhatWasTakenBefore() throws Exception {
        AtomicBoolean isToThrow = new AtomicBoolean(true);
        try (NatsImport<String> imported = importing(false).start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            Predicate<String> filter =
                    text -> {
                        if (text.equals("thrown at") && isToThrow.get()) {
                            bus.publish(text);
                            throw new IllegalStateException(text);
                        }
                        return true;
                    };
            NatsExport<String> export = exporting(bus).batch(50).filter(filter).start();
            gathered.countDown();
            bus.publish(FIRST);
            bus.publish("thrown at");
            await().until(() -> follower.of("shop").arrived == 1);
            isToThrow.set(false);
            export.close();
        } finally {
            isToThrow.set(false);
        }
    }

    /** A full message and its header are above this server's limit. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageAboveTheLimitOfTheServerIsSentInParts(boolean isStream) throws Exception {
        addStream();
        try (NatsImport<String> imported = importing(isStream).start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(2048)) {
            NatsExport.Builder<String> exporting = exporting(bus).batch(4096);
            NatsExport<String> export = (isStream ? exporting.stream(STREAM) : exporting).start();
            bus.publish(FIRST);
            bus.publishMany(IntStream.range(0, 1_000).mapToObj(i -> "x".repeat(100)).toList());
            gathered.countDown();
            export.close();
            Accounts.balance(1_001, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void ofMessagesThatTheClientHasDroppedEachEventIsTold() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (NatsImport<String> imported =
                        NatsImport.<String>builder(
                                        bytes -> {
                                            Texts.awaitLatch(slow);
                                            return new String(bytes, UTF_8);
                                        })
                                .subject(Texts.SUBJECT)
                                .connection(server.connect())
                                .pendingMessages(10)
                                .start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(2048)) {
            NatsExport<String> export = exporting(bus).batch(20).start();
            bus.publish(FIRST);
            bus.publishMany(IntStream.range(0, 1_000).mapToObj(i -> "event " + i).toList());
            gathered.countDown();
            await().until(() -> imported.stats().dropped() > 30);
            slow.countDown();
            // A farewell that comes while the queue is full is dropped like any message.
            Accounts.awaitNext(1_001, "shop", imported);
            export.close();
            Accounts.balance(1_001, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).containsOnlyKeys(Cause.SLOW_CONSUMER);
            assertThat(follower.of("shop").lostInAll()).isGreaterThan(30 * 10);
        } finally {
            slow.countDown();
        }
    }

    @Test
    void aStreamCostsNothingThoughItsServerIsKilled() throws Exception {
        addStream();
        gathered.countDown();
        try (NatsImport<String> imported = importing(true).start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus).batch(16).stream(STREAM).lossless().start();
            submit(bus, 500);
            server.kill();
            Thread publisher = Thread.ofVirtual().start(() -> submit(bus, 10_000));
            await().until(() -> bus.stats().publishersWaiting() == 1);
            server.start();
            assertThat(publisher.join(NatsServer.PATIENCE)).isTrue();
            export.close();
            assertThat(export.stats().sent()).isEqualTo(10_500);
            Accounts.balance(10_500, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void eventsThatAMessageSaysAndHasNotAreLost() throws Exception {
        Connection near = server.connect();
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported)) {
            byte[] two = Frames.join(List.of("a".getBytes(UTF_8), "b".getBytes(UTF_8)));
            Note note = new Note(Note.Kind.EVENT, "e", 0, 1_000, new long[5], 5, 1, 0);
            near.publish(Texts.SUBJECT + ".shop", note.toHeaders(), two);
            Accounts.awaitNext(5, "shop", imported);
            assertThat(imported.bus().awaitIdle(NatsServer.PATIENCE)).isTrue();
            assertThat(follower.of("shop").events).isEqualTo(List.of("a", "b"));
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.UNDECODABLE, 3L));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4097})
    void aSizeThatIsNotAllowedIsNamed(int events) {
        try (Bus<String> bus = Bus.create(2)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Texts.export(bus, "shop").batch(events))
                    .withMessage("batch(" + events + "): allowed are 1 to 4096");
        }
    }

    // ---- helping hands ----

    private void addStream() throws Exception {
        server.connect()
                .jetStreamManagement()
                .addStream(
                        StreamConfiguration.builder()
                                .name(STREAM)
                                .subjects(Texts.SUBJECT + ".*")
                                .build());
    }

    private NatsExport.Builder<String> exporting(Bus<String> bus) {
        return NatsExport.builder(bus, this::encoded)
                .subject(Texts.SUBJECT)
                .origin("shop")
                .connection(server.connect())
                .heartbeat(Texts.HEARTBEAT)
                .closeTimeout(NatsServer.PATIENCE);
    }

    private NatsImport.Builder<String> importing(boolean isStream) {
        NatsImport.Builder<String> importing = Texts.importing().connection(server.connect());
        return isStream ? importing.stream(STREAM) : importing;
    }

    private byte[] encoded(String text) {
        if (text.equals(FIRST)) {
            Texts.awaitLatch(gathered);
        }
        return text.equals("nothing") ? null : text.getBytes(UTF_8);
    }

    private static String decoded(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return switch (text) {
            case "undecodable" -> throw new IllegalArgumentException(text);
            case "unknown" -> null;
            default -> text;
        };
    }

    private static void submit(Bus<String> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.submit("event " + i);
        }
    }
}
