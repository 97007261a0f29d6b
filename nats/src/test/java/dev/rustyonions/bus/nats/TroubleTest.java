package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Sender;

import io.nats.client.Connection;
import io.nats.client.Options;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Whatever goes wrong, the account of each export and import balances. */
class TroubleTest {
    @TempDir Path directory;

    private NatsServer server;

    @BeforeEach
    void startServer() throws Exception {
        Path config = Files.writeString(directory.resolve("server.conf"), "max_payload: 8192\n");
        server = NatsServer.start(directory, "-c", config.toString());
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aServerThatIsKilledAndStartedAgainCostsWhatIsTold() throws Exception {
        Connection far = server.connect();
        Connection near = server.connect();
        try (NatsImport<String> one = Texts.importing(far);
                NatsImport<String> two = Texts.importing(server.connect());
                Follower first = Follower.of(one);
                Follower second = Follower.of(two);
                Load load = new Load(256)) {
            NatsExport<String> export = Texts.export(load.bus, "shop", near);
            load.start();
            for (int outage = 0; outage < 3; outage++) {
                awaitMoreOf(first, 1_000);
                server.kill();
                await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
                load.awaitMore(1_000);
                server.start();
            }
            awaitMoreOf(first, 1_000);
            awaitMoreOf(second, 1_000);
            load.stop();
            export.close();
            Accounts.balance(load.published(), export.stats(), "shop", one, first);
            Accounts.balance(load.published(), export.stats(), "shop", two, second);
            assertThat(one.stats().reconnects()).isEqualTo(3);
        }
    }

    @Test
    void aServerThatIsStoppedInItsTracksCostsWhatIsTold() throws Exception {
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Load load = new Load(256)) {
            NatsExport<String> export =
                    Texts.export(load.bus, "shop", server.connect(smallQueue().build()));
            load.start();
            awaitMoreOf(follower, 1_000);
            server.freeze();
            await().until(() -> export.stats().unsent().containsKey(Cause.BUFFER_FULL));
            await().until(() -> export.stats().unsent().containsKey(Cause.LAGGED));
            server.thaw();
            awaitMoreOf(follower, 1_000);
            load.stop();
            export.close();
            Accounts.balance(load.published(), export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).containsKey(Cause.BUFFER_FULL);
        }
    }

    @Test
    void whatTheClientRefusesWhileTheConnectionStaysEndsNoImport() throws Exception {
        AtomicBoolean once = new AtomicBoolean(true);
        Connection far =
                Refusing.of(
                        server.connect(),
                        called ->
                                called.equals("Subscription.nextMessage")
                                        && once.compareAndSet(true, false));
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            await().until(() -> !once.get());
            NatsExport<String> export = Texts.export(bus, "shop", server.connect());
            bus.publish("event");
            export.close();
            Accounts.balance(1, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void aFullBufferOfAClientWithoutAServerIsToldAsNotConnected() throws Exception {
        Connection near = server.connect(server.options().reconnectBufferSize(10_000).build());
        Connection far = server.connect();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            bus.publish("before");
            Accounts.awaitNext(1, "shop", imported);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            for (int i = 0; i < 500; i++) {
                bus.publish("meanwhile " + i);
            }
            await().until(() -> export.stats().numbered() == 501);
            long refused = export.stats().unsentInAll();
            assertThat(refused).isBetween(300L, 499L);
            assertThat(export.stats().unsent()).containsOnlyKeys(Cause.NOT_CONNECTED);

            server.start();
            awaitConnected(near, far);
            bus.publish("after");
            export.close();
            Accounts.balance(502, export.stats(), "shop", imported, follower);
        }
    }

    @Test
    void aFullQueueOfAClientWithoutAServerHoldsTheExportUpOnceAndNotForEachEvent()
            throws Exception {
        Connection near = server.connect(server.options().maxMessagesInOutgoingQueue(10).build());
        Connection far = server.connect();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            bus.publish("before");
            Accounts.awaitNext(1, "shop", imported);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            for (int i = 0; i < 500; i++) {
                bus.publish("meanwhile " + i);
            }
            await().until(() -> export.stats().numbered() == 501);
            assertThat(export.stats().unsent()).containsOnlyKeys(Cause.NOT_CONNECTED);
            server.start();
            awaitConnected(near, far);
            bus.publish("after");
            export.close();
            Accounts.balance(502, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").events).last().isEqualTo("after");
        }
    }

    @Test
    void aLosslessExportWaitsForTheServerAndPublishersThatSubmitWaitWithIt() throws Exception {
        Connection near = server.connect();
        Connection far = server.connect();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Load load = new Load(16)) {
            NatsExport<String> export =
                    Texts.export(load.bus, "shop").connection(near).lossless().start();
            Accounts.awaitNext(0, "shop", imported);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            load.start();
            await().until(() -> load.bus.stats().publishersWaiting() == 1);
            assertThat(load.published()).isLessThanOrEqualTo(16 + 1);
            server.start();
            awaitConnected(near, far);
            load.awaitMore(1_000);
            load.stop();
            export.close();
            Accounts.balance(load.published(), export.stats(), "shop", imported, follower);
            assertThat(export.stats().unsent()).isEmpty();
        }
    }

    /** The one that waits would be sent again and again; those that share a message are parted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void anEventThatWaitsForAServerWithALowerLimitIsLostAndTheRestIsSent(int batch)
            throws Exception {
        CountDownLatch gathered = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        CountDownLatch listening = new CountDownLatch(1);
        Connection far = server.connect();
        Connection near = server.connect(returning(away, listening));
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    Texts.exportThatWaits(bus, "x".repeat(6_000), gathered)
                            .connection(near)
                            .batch(batch)
                            .lossless()
                            .start();
            Accounts.awaitNext(0, "shop", imported);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            bus.submit("x".repeat(6_000));
            bus.submit("small");
            bus.submit("y".repeat(1_900));
            gathered.countDown();
            // It has all of them, or waits with the first.
            await().until(() -> bus.receivers().getFirst().delivered() == (batch == 1 ? 1 : 3));
            Files.writeString(directory.resolve("server.conf"), "max_payload: 4096\n");
            away.await();
            server.start();
            await().until(() -> far.getStatus() == Connection.Status.CONNECTED);
            far.flush(NatsServer.PATIENCE);
            listening.countDown();
            export.close();
            Accounts.balance(3, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.TOO_LARGE, 1L));
            assertThat(follower.of("shop").events).isEqualTo(List.of("small", "y".repeat(1_900)));
        } finally {
            gathered.countDown();
            listening.countDown();
        }
    }

    /** Options of a connection that, once lost, waits before it looks for a server. */
    private Options returning(CountDownLatch away, CountDownLatch until) {
        return server.options()
                .reconnectDelayHandler(
                        tries -> {
                            away.countDown();
                            Texts.awaitLatch(until);
                            return Duration.ZERO;
                        })
                .build();
    }

    @Test
    void patienceEndsTheWaitOfPublishersForAServerThatIsDown() throws Exception {
        Connection near = server.connect();
        Connection far = server.connect();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Load load = new Load(16)) {
            NatsExport<String> export =
                    Texts.export(load.bus, "shop")
                            .connection(near)
                            .lossless(Duration.ofMillis(50))
                            .start();
            Accounts.awaitNext(0, "shop", imported);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            load.start();
            load.awaitMore(1_000);
            load.stop();
            server.start();
            awaitConnected(near, far);
            export.close();
            Accounts.balance(load.published(), export.stats(), "shop", imported, follower);
            assertThat(export.stats().unsent()).containsOnlyKeys(Cause.LAGGED);
        }
    }

    @Test
    void anEvictedExportEndsThoughItWaitsForTheServer() throws Exception {
        Connection near = server.connect();
        try (Bus<String> bus = Bus.create(16)) {
            NatsExport<String> export =
                    Texts.export(bus, "shop")
                            .connection(near)
                            .lossless()
                            .closeTimeout(Duration.ofMillis(200))
                            .start();
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            bus.publish("an event");
            await().until(() -> bus.receivers().getFirst().delivered() == 1);
            assertThat(bus.evict(bus.receivers().getFirst().id())).isTrue();
            await().until(() -> export.stats().numbered() == 1);
            assertThat(export.stats().unsent()).isEqualTo(Map.of(Cause.NOT_CONNECTED, 1L));
            export.close();
        }
    }

    @Test
    void closingWithoutAServerEndsWithinItsTime() throws Exception {
        Connection near = server.connect();
        try (Bus<String> bus = Bus.create(16)) {
            NatsExport<String> export =
                    Texts.export(bus, "shop")
                            .connection(near)
                            .lossless()
                            .closeTimeout(Duration.ofMillis(200))
                            .start();
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            bus.publish("an event");
            export.close();
            await().until(export::isClosed);
            assertThat(export.stats().numbered()).isEqualTo(1);
            assertThat(export.stats().unsent()).isEqualTo(Map.of(Cause.NOT_CONNECTED, 1L));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAnExportLeavesBehindWhenItRunsOutOfTimeOrIsEvictedIsToldAsLagged(boolean evicted)
            throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    Texts.exportThatWaits(bus, "event 0", slow)
                            .connection(server.connect())
                            .closeTimeout(evicted ? NatsServer.PATIENCE : Duration.ofMillis(100))
                            .start();
            for (int i = 0; i < 10; i++) {
                bus.publish("event " + i);
            }
            await().until(() -> bus.receivers().getFirst().delivered() == 1);
            if (evicted) {
                assertThat(bus.evict(bus.receivers().getFirst().id())).isTrue();
            } else {
                export.close();
                bus.publish("after the close");
                export.close(); // as a container does
            }
            slow.countDown();
            await().until(export::isClosed);
            assertThat(export.stats().unsent()).isEqualTo(Map.of(Cause.LAGGED, 9L));
            Accounts.balance(10, export.stats(), "shop", imported, follower);
            await().until(() -> follower.of("shop").closed);
            export.close();
        } finally {
            slow.countDown();
        }
    }

    @Test
    void anEventAboveTheLimitOfTheServerIsLostAloneAndTheConnectionStays() throws Exception {
        // Without a check of its own, the client would lose its connection.
        Connection near = server.connect(server.options().clientSideLimitChecks(false).build());
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            // With the header, the limit of the server lies between the first and the last.
            for (int length = 8192 - 300; length <= 8192; length++) {
                bus.publish("x".repeat(length));
            }
            bus.publish("small");
            export.close();
            Accounts.balance(302, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).containsOnlyKeys(Cause.TOO_LARGE);
            assertThat(follower.of("shop").arrived).isBetween(100L, 250L);
            assertThat(follower.of("shop").events).last().isEqualTo("small");
            assertThat(near.getStatistics().getReconnects()).isZero();
        }
    }

    @Test
    void anImportThatIsTooSlowIsToldWhatItsClientHasDropped() throws Exception {
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
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = Texts.export(bus, "shop", server.connect());
            for (int i = 0; i < 1_000; i++) {
                bus.publish("event " + i);
            }
            await().until(() -> imported.stats().dropped() > 900);
            slow.countDown();
            // A farewell that comes while the queue is full is dropped like any message.
            Accounts.awaitNext(1_000, "shop", imported);
            export.close();
            Accounts.balance(1_000, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).containsOnlyKeys(Cause.SLOW_CONSUMER);
        } finally {
            slow.countDown();
        }
    }

    @Test
    void whatCannotBeEncodedOrDecodedOrIsNotKnownIsLostWithItsCauseAndTheRestArrives()
            throws Exception {
        try (NatsImport<String> imported =
                        NatsImport.<String>builder(TroubleTest::decoded)
                                .subject(Texts.SUBJECT)
                                .connection(server.connect())
                                .start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    NatsExport.builder(bus, TroubleTest::encoded)
                            .subject(Texts.SUBJECT)
                            .origin("shop")
                            .connection(server.connect())
                            .start();
            List.of("a", "not encodable", "nothing", "b", "undecodable", "unknown", "c")
                    .forEach(bus::publish);
            export.close();
            Accounts.balance(7, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").events).isEqualTo(List.of("a", "b", "c"));
            assertThat(follower.of("shop").lost)
                    .isEqualTo(
                            Map.of(
                                    Cause.NOT_ENCODABLE, 2L,
                                    Cause.UNDECODABLE, 1L,
                                    Cause.UNKNOWN_TYPE, 1L));
        }
    }

    /** Functions may be written in a language that knows no checked exceptions. */
    @Test
    void whatFiltersAndEncodersThrowOfWhateverKindEndsNoExport() throws Exception {
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    NatsExport.builder(
                                    bus,
                                    (String text) -> {
                                        fail(text, "encoder");
                                        return text.getBytes(UTF_8);
                                    })
                            .filter(text -> fail(text, "filter"))
                            .subject(Texts.SUBJECT)
                            .origin("shop")
                            .connection(server.connect())
                            .start();
            List.of("a", "filter error", "filter checked", "encoder error", "encoder checked", "b")
                    .forEach(bus::publish);
            export.close();
            Accounts.balance(6, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").events).isEqualTo(List.of("a", "b"));
            assertThat(export.stats().filtered()).isEqualTo(2);
        }
    }

    private static boolean fail(String text, String where) {
        if (text.equals(where + " error")) {
            throw new AssertionError(text);
        }
        if (text.equals(where + " checked")) {
            throw TroubleTest.<RuntimeException>unchecked(new IOException(text));
        }
        return true;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }

    private static byte[] encoded(String text) {
        return switch (text) {
            case "not encodable" -> throw new IllegalArgumentException(text);
            case "nothing" -> null;
            default -> text.getBytes(UTF_8);
        };
    }

    private static String decoded(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return switch (text) {
            case "undecodable" -> throw new IllegalArgumentException(text);
            case "unknown" -> null;
            default -> text;
        };
    }

    @Test
    void fiftyOriginsHaveAnAccountEachThoughOneServerIsKilledInBetween() throws Exception {
        Connection near = server.connect();
        Connection far = server.connect();
        List<Bus<String>> buses = new ArrayList<>();
        List<NatsExport<String>> exports = new ArrayList<>();
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported)) {
            for (int i = 0; i < 50; i++) {
                buses.add(Bus.create(64));
                exports.add(Texts.export(buses.get(i), "shop-" + i, near));
            }
            publish(buses, 40);
            server.kill();
            await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
            publish(buses, 40);
            server.start();
            awaitConnected(near, far);
            publish(buses, 40);
            for (int i = 0; i < 50; i++) {
                buses.get(i).close();
                exports.get(i).close();
                Accounts.balance(120, exports.get(i).stats(), "shop-" + i, imported, follower);
            }
        }
    }

    private static void publish(List<Bus<String>> buses, int count) {
        for (Bus<String> bus : buses) {
            for (int i = 0; i < count; i++) {
                bus.publish("event " + i);
            }
            assertThat(bus.awaitIdle(NatsServer.PATIENCE)).isTrue();
        }
    }

    @Test
    void anImportThatComesLateHasABaselineAndOneThatEndsTellsAllThatItHasTaken() throws Exception {
        try (NatsImport<String> stays = Texts.importing(server.connect());
                Follower all = Follower.of(stays);
                Load load = new Load(256)) {
            NatsExport<String> export = Texts.export(load.bus, "shop", server.connect());
            load.start();
            for (int i = 0; i < 5; i++) {
                NatsImport<String> comes = Texts.importing(server.connect());
                Follower follower = Follower.of(comes);
                awaitMoreOf(follower, 100);
                comes.close();
                await().until(comes.bus()::isClosed);
                assertThat(comes.bus().awaitIdle(NatsServer.PATIENCE)).isTrue();
                follower.close();
                OriginStats there = Accounts.stats("shop", comes);
                Follower.Seen seen = follower.of("shop");
                assertThat(seen.next).isEqualTo(there.next());
                assertThat(seen.arrived + seen.lostInAll()).isEqualTo(there.next() - seen.first);
                assertThat(seen.lost).doesNotContainKey(Cause.ON_THE_WAY);
            }
            load.stop();
            export.close();
            Accounts.balance(load.published(), export.stats(), "shop", stays, all);
        }
    }

    @Test
    void anOriginWhoseConnectionIsGoneIsSilentOnceAndNotWhenItIsHeardAgain() throws Exception {
        Connection near = server.connect();
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            bus.publish("before");
            Accounts.awaitNext(1, "shop", imported);
            near.close();
            await().until(() -> follower.of("shop").silences == 1);
            assertThat(follower.of("shop").closed).isFalse();
            bus.publish("lost");
            export.close();
            assertThat(export.stats().unsent()).isEqualTo(Map.of(Cause.NOT_CONNECTED, 1L));

            // As the process does when it is started again.
            try (Bus<String> again = Bus.create(64)) {
                NatsExport<String> next = Texts.export(again, "shop", server.connect());
                again.publish("after");
                next.close();
                await().until(() -> follower.of("shop").closed);
            }
            assertThat(follower.of("shop").silences).isEqualTo(2);
            assertThat(follower.of("shop").restarts).isEqualTo(1);
            assertThat(follower.of("shop").events).isEqualTo(List.of("before", "after"));
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void aSecondProcessOfTheSameOriginTakesItOverAndTheFirstIsCountedAsStale() throws Exception {
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64);
                NatsExport<String> first = Texts.export(bus, "shop", server.connect());
                NatsExport<String> second = Texts.export(bus, "shop", server.connect())) {
            for (int i = 0; i < 100; i++) {
                bus.publish("event " + i);
            }
            await().until(() -> Accounts.stats("shop", imported).restarts() == 1);
            await().until(() -> Accounts.stats("shop", imported).stale() > 0);
            assertThat(first.stats().epoch()).isNotEqualTo(second.stats().epoch());
            follower.check();
        }
    }

    @Test
    void aMessageThatNoExportHasSentIsCountedAndChangesNothing() throws Exception {
        Connection near = server.connect();
        try (NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            near.publish(Texts.SUBJECT + ".shop", "not of an export".getBytes(UTF_8));
            bus.publish("event");
            export.close();
            Accounts.balance(1, export.stats(), "shop", imported, follower);
            assertThat(imported.stats().foreign()).isEqualTo(1);
        }
    }

    // ---- helping hands ----

    /** Small enough to be full at once. */
    private Options.Builder smallQueue() {
        return server.options()
                .maxMessagesInOutgoingQueue(100)
                .writeQueuePushTimeout(Duration.ofMillis(100));
    }

    /** Waits until the one has a connection again, and the other hears its heartbeats. */
    private static void awaitConnected(Connection near, Connection far) {
        await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
        await().until(() -> far.getStatus() == Connection.Status.CONNECTED);
        long before = far.getStatistics().getInMsgs();
        await().until(() -> far.getStatistics().getInMsgs() > before);
    }

    private static void awaitMoreOf(Follower follower, long more) {
        long before = follower.of("shop").arrived;
        await().until(() -> follower.of("shop").arrived >= before + more);
    }

    /** A publisher that submits one event after the other until it is stopped, and counts them. */
    private static final class Load implements AutoCloseable {
        final Bus<String> bus;
        private final Thread publisher = Thread.ofVirtual().unstarted(this::run);
        private volatile long published;
        private volatile boolean stopped;

        Load(int capacity) {
            bus = Bus.create(capacity);
        }

        void start() {
            publisher.start();
        }

        private void run() {
            while (!stopped) {
                if (bus.submit("event " + published) == Sender.CLOSED) {
                    return;
                }
                published++;
                if (published % 16 == 0) {
                    LockSupport.parkNanos(100_000); // what a test does is to take some time
                }
            }
        }

        long published() {
            return published;
        }

        void awaitMore(long more) {
            long before = published;
            await().until(() -> published >= before + more);
        }

        void stop() throws InterruptedException {
            stopped = true;
            assertThat(publisher.join(NatsServer.PATIENCE)).isTrue();
        }

        @Override
        public void close() {
            stopped = true;
            bus.close();
        }
    }
}
