package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;

import io.nats.client.Connection;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Events through a stream, which keeps them for those who come later. */
class StreamTest {
    private static final String STREAM = "EVENTS";

    @TempDir Path directory;

    private NatsServer server;

    @BeforeEach
    void startServer() throws IOException {
        Path config = Files.writeString(directory.resolve("server.conf"), "max_payload: 8192\n");
        Path store = directory.resolve("store");
        server =
                NatsServer.start(
                        directory, "-c", config.toString(), "-js", "-sd", store.toString());
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void anImportThatComesAfterTheExportHasEndedGetsEverything() throws Exception {
        addStream(-1);
        ExportStats stats = export("shop", 1_000);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported)) {
            Accounts.balance(1_000, stats, "shop", imported, follower);
            await().until(() -> follower.of("shop").closed);
            assertThat(follower.of("shop").lost).isEmpty();
            assertThat(follower.of("shop").first).isZero();
        }
    }

    @Test
    void thePositionOfAnImportToWhichNothingHasComeBeginsWithEverything() throws Exception {
        addStream(100);
        NatsImport<String> first = importing("").start();
        first.close();
        assertThat(first.position()).isEmpty();
        ExportStats stats = export("shop", 1_000);
        try (NatsImport<String> imported = importing(first.position()).start();
                Follower follower = Follower.of(imported)) {
            Accounts.balance(1_000, stats, "shop", imported, follower);
            // What the stream dropped before the first message that it still has is told too.
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.EXPIRED, 901L));
        }
    }

    @Test
    void aReceiverThatSubscribesBeforeTheFirstMissesNothingThoughTheWindowIsSmall()
            throws Exception {
        addStream(-1);
        export("shop", 1_000);
        AtomicReference<Receiver<Remote<String>>> subscribed = new AtomicReference<>();
        try (NatsImport<String> imported =
                importing("")
                        .bus(Bus.builder().name("small").capacity(16))
                        .beforeFirst(bus -> subscribed.set(bus.subscribe(o -> o.lossless())))
                        .start()) {
            Receiver<Remote<String>> receiver = subscribed.get();
            // Only now is more sent than the window holds, so nobody reads before.
            await().until(() -> imported.bus().stats().publishersWaiting() == 1);
            for (long number = 0; number < 1_000; number++) {
                Received<Remote<String>> received = receiver.recv();
                assertThat(received)
                        .isEqualTo(
                                new Message<>(
                                        number,
                                        new Remote.Arrived<>("shop", number, "event " + number)));
            }
        }
    }

    @Test
    void anImportWhoseSubscriberThrowsLeavesNothingBehind() throws Exception {
        addStream(-1);
        Connection connection = server.connect();
        AtomicReference<Bus<Remote<String>>> bus = new AtomicReference<>();
        assertThatThrownBy(
                        () ->
                                Texts.importing().connection(connection).stream(STREAM)
                                        .beforeFirst(
                                                made -> {
                                                    bus.set(made);
                                                    throw new IllegalStateException("refused");
                                                })
                                        .start())
                .hasMessage("refused");
        assertThat(bus.get().isClosed()).isTrue();
        assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
    }

    @Test
    void anImportThatIsClosedLeavesNoSubscriptionOnAConnectionThatStays() throws Exception {
        addStream(-1);
        Connection far = server.connect();
        Texts.importing().stream(STREAM).connection(far).start().close();
        assertNothingIsSubscribed(far);
    }

    @Test
    void anImportThatCannotBeginLeavesNoSubscription() throws Exception {
        addStream(-1);
        Connection far = server.connect();
        Connection refusing = Refusing.of(far, call -> call.equals("Connection.subscribe"));
        assertThatThrownBy(() -> Texts.importing().stream(STREAM).connection(refusing).start())
                .isInstanceOf(IllegalStateException.class);
        assertNothingIsSubscribed(far);
    }

    /** Nothing of what an export sends reaches a connection. */
    private void assertNothingIsSubscribed(Connection far) throws Exception {
        long before = far.getStatistics().getInMsgs();
        Connection near = server.connect();
        near.publish(Texts.SUBJECT + ".shop" + NatsExport.ALIVE, new byte[1]);
        near.jetStream().publish(Texts.SUBJECT + ".shop", new byte[1]);
        near.flush(NatsServer.PATIENCE);
        far.flush(NatsServer.PATIENCE); // what was on the way has come by then
        assertThat(far.getStatistics().getInMsgs()).isEqualTo(before);
    }

    @Test
    void aServerThatIsKilledAndStartedAgainCostsNothing() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").lossless().start();
            publish(bus, 500);
            server.kill();
            Thread publisher = Thread.ofVirtual().start(() -> publish(bus, 500));
            await().until(() -> bus.stats().publishersWaiting() == 1);
            server.start();
            assertThat(publisher.join(NatsServer.PATIENCE)).isTrue();
            export.close();
            assertThat(export.stats().sent()).isEqualTo(1_000);
            Accounts.balance(1_000, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    /** The client asks in vain whether the consumer is there, or gives a status for a message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "JetStreamSubscription.getConsumerInfo",
                "JetStreamSubscription.nextMessage",
                "Subscription.nextMessage"
            })
    void whatTheClientRefusesWhileTheConnectionStaysEndsNoImport(String call) throws Exception {
        addStream(-1);
        AtomicBoolean once = new AtomicBoolean(true);
        Connection far =
                Refusing.of(
                        server.connect(),
                        called -> called.equals(call) && once.compareAndSet(true, false));
        try (NatsImport<String> imported =
                        Texts.importing().stream(STREAM).connection(far).start();
                Follower follower = Follower.of(imported)) {
            await().until(() -> !once.get());
            ExportStats stats = export("shop", 100);
            Accounts.balance(100, stats, "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void anImportGoesOnExactlyWhereAnEarlierOneWasClosed() throws Exception {
        addStream(-1);
        try (Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = exporting(bus, "shop").lossless().start();
            String position = "";
            long next = 0;
            for (int round = 1; round <= 3; round++) {
                NatsImport<String> imported = importing(position).start();
                Follower follower = Follower.of(imported);
                publish(bus, 300);
                Accounts.awaitNext(300L * round, "shop", imported);
                imported.close();
                assertThat(imported.bus().awaitIdle(NatsServer.PATIENCE)).isTrue();
                follower.close();
                position = imported.position();
                assertThat(follower.of("shop").first).isEqualTo(next);
                assertThat(follower.of("shop").arrived).isEqualTo(300);
                assertThat(follower.of("shop").lost).isEmpty();
                next = follower.of("shop").next;
            }
            export.close();
        }
    }

    /** The bus ends when the time for closing is up, or because the program closes it. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "100, true", "100, false"})
    void whatTheBusOfAnImportHasNotTakenIsLeftForALaterOne(int batch, boolean byTime)
            throws Exception {
        addStream(-1);
        CountDownLatch gathered = new CountDownLatch(1);
        try (Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export =
                    NatsExport.builder(bus, (String text) -> encodedOnce(gathered, text))
                            .subject(Texts.SUBJECT)
                            .origin("shop")
                            .stream(STREAM)
                            .connection(server.connect())
                            .batch(batch)
                            .start();
            publish(bus, 300);
            gathered.countDown();
            export.close();
        }
        AtomicReference<Receiver<Remote<String>>> subscribed = new AtomicReference<>();
        NatsImport<String> first =
                importing("")
                        .bus(Bus.builder().name("small").capacity(16))
                        .beforeFirst(bus -> subscribed.set(bus.subscribe(o -> o.lossless())))
                        .closeTimeout(byTime ? Duration.ofMillis(100) : NatsServer.PATIENCE)
                        .start();
        await().until(() -> first.bus().stats().publishersWaiting() == 1);
        if (byTime) {
            first.close();
        } else {
            first.bus().close();
        }
        await().until(() -> first.stats().pending() == 0);
        first.close();
        AtomicLong given = new AtomicLong();
        subscribed
                .get()
                .consume(remote -> given.incrementAndGet(), missed -> given.addAndGet(missed));
        assertThat(given).hasValue(16);
        assertThat(first.stats().arrived()).isEqualTo(16);
        assertThat(Accounts.stats("shop", first).arrived()).isEqualTo(16);
        assertThat(Accounts.stats("shop", first).next()).isEqualTo(16);
        try (NatsImport<String> rest = importing(first.position()).start();
                Follower follower = Follower.of(rest)) {
            await().until(() -> follower.of("shop").closed);
            assertThat(follower.of("shop").first).isEqualTo(16);
            assertThat(follower.of("shop").arrived).isEqualTo(284);
            assertThat(follower.of("shop").events).first().isEqualTo("event 16");
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    private static byte[] encodedOnce(CountDownLatch open, String text) {
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return text.getBytes(UTF_8);
    }

    @Test
    void anImportThatGoesOnReadsNothingAgainAndHearsNothingOfRunsThatHadEnded() throws Exception {
        addStream(-1);
        for (int run = 0; run < 6; run++) {
            export("shop", 100);
        }
        NatsImport<String> first = importing("").start();
        await().until(() -> first.stats().arrived() == 600);
        await().until(() -> Accounts.stats("shop", first).closed());
        first.close();
        assertThat(first.stats().restarts()).isEqualTo(5);

        Connection far = server.connect();
        try (NatsImport<String> imported =
                        Texts.importing().stream(STREAM)
                                .resume(first.position())
                                .connection(far)
                                .start();
                Follower follower = Follower.of(imported)) {
            export("shop", 7);
            await().until(() -> follower.of("shop").closed);
            assertThat(follower.of("shop").arrived).isEqualTo(7);
            assertThat(follower.of("shop").restarts).isEqualTo(1);
            assertThat(Accounts.stats("shop", imported).stale()).isZero();
            // Its events, its first and last message, and answers of the server.
            assertThat(far.getStatistics().getInMsgs()).isLessThan(100);
        }
    }

    @Test
    void whatTheStreamHasDroppedIsToldAsExpiredFromTheBeginningAndFromAPosition() throws Exception {
        addStream(100);
        try (Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = exporting(bus, "shop").lossless().start();
            publish(bus, 50);
            NatsImport<String> first = importing("").start();
            Accounts.awaitNext(50, "shop", first);
            first.close();
            String position = first.position();
            publish(bus, 1_000);
            export.close();
            try (NatsImport<String> all = importing("").start();
                    Follower follower = Follower.of(all)) {
                Accounts.balance(1_050, export.stats(), "shop", all, follower);
                // The last message in the stream is the farewell.
                assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.EXPIRED, 951L));
            }
            try (NatsImport<String> rest = importing(position).start();
                    Follower follower = Follower.of(rest)) {
                Accounts.awaitNext(1_050, "shop", rest);
                await().until(() -> follower.of("shop").closed);
                assertThat(follower.of("shop").first).isEqualTo(50);
                assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.EXPIRED, 901L));
                assertThat(follower.of("shop").arrived).isEqualTo(99);
            }
        }
    }

    /** An origin that the position does not know has begun behind it. */
    @Test
    void whatTheStreamHasDroppedOfAnOriginThatBeganMeanwhileIsToldAsExpired() throws Exception {
        addStream(10);
        export("early", 20);
        NatsImport<String> first = importing("").start();
        Accounts.awaitNext(20, "early", first);
        first.close();
        NatsImport<String> firstSince =
                Texts.importing().stream(STREAM)
                        .since(lastOf("early"))
                        .connection(server.connect())
                        .start();
        Accounts.awaitNext(20, "early", firstSince);
        firstSince.close();
        export("late", 100);
        try (NatsImport<String> rest = importing(first.position()).start();
                Follower follower = Follower.of(rest)) {
            Accounts.awaitNext(100, "late", rest);
            await().until(() -> follower.of("late").closed);
            // The last message in the stream is the farewell.
            assertThat(follower.of("late").lost).isEqualTo(Map.of(Cause.EXPIRED, 91L));
            assertThat(follower.of("early").lost).isEmpty();
        }
        // What began before the time that was asked for may have been sent before it too.
        try (NatsImport<String> rest = importing(firstSince.position()).start();
                Follower follower = Follower.of(rest)) {
            Accounts.awaitNext(100, "late", rest);
            await().until(() -> follower.of("late").closed);
            assertThat(follower.of("late").first).isEqualTo(91);
            assertThat(follower.of("late").lost).isEmpty();
        }
    }

    /** What an import leaves out is its own, and is no loss for one that does not leave it out. */
    @Test
    @SuppressWarnings("try") // closed before the end
    void whatAnEarlierImportLeftOutAsItsOwnIsNotToldAsLost() throws Exception {
        addStream(-1);
        try (Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").lossless().start();
            publish(bus, 5);
            awaitSent(export, 5);
            export("desk", 3);
            NatsImport<String> first = importing("").origin("shop").start();
            Accounts.awaitNext(3, "desk", first);
            first.close();
            publish(bus, 5);
            export.close();
            try (NatsImport<String> same = importing(first.position()).origin("shop").start();
                    NatsImport<String> other = importing(first.position()).start();
                    Follower follower = Follower.of(other)) {
                await().until(() -> follower.of("shop").closed);
                assertThat(follower.of("shop").first).isEqualTo(5);
                assertThat(follower.of("shop").arrived).isEqualTo(5);
                assertThat(follower.of("shop").lost).isEmpty();
                same.close();
                assertThat(same.position()).contains(" all!shop ");
                assertThat(other.position()).contains(" some ");
            }
        }
    }

    @Test
    void anOriginThatHadNoPlaceAndFindsOneIsNotToldAsLostFromItsBeginning() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").maxOrigins(1).start();
                Follower follower = Follower.of(imported)) {
            send("shop", 0);
            send("other", 0);
            await().until(() -> imported.stats().turnedAway() == 1);
            // What is said now of an origin that a later import has a place for.
            await().until(() -> imported.position().contains(" some "));
            await().until(() -> follower.of("shop").silences == 1);
            send("other", 1);
            await().until(() -> follower.of("other").silences == 1);
            assertThat(follower.of("other").first).isEqualTo(1);
            assertThat(follower.of("other").lost).isEmpty();
        }
    }

    /** Nobody closes the export: who publishes closes the bus, and waits for the export to end. */
    @Test
    @SuppressWarnings("try") // closed before the end
    void anExportThatIsEndedByItsBusSendsWhatIsUnderWayAndItsFarewell() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").batch(3).start();
            Accounts.awaitNext(0, "shop", imported);
            server.freeze();
            publish(bus, 10);
            bus.close();
            await().until(() -> bus.stats().receivers() == 0);
            server.thaw();
            await().until(export::isClosed);
            Accounts.balance(10, export.stats(), "shop", imported, follower);
            await().until(() -> follower.of("shop").closed);
            assertThat(export.stats().pending()).isZero();
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void anExportThatIsEvictedTellsWhatItLeavesBehindThoughSomethingIsUnderWay() throws Exception {
        addStream(-1);
        CountDownLatch last = new CountDownLatch(1);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    Texts.exportThatWaits(bus, "event 4", last).stream(STREAM)
                            .connection(server.connect())
                            .start();
            publish(bus, 4);
            awaitSent(export, 4);
            server.freeze();
            bus.publish("under way");
            await().until(() -> export.stats().pending() == 1);
            bus.publish("event 4");
            bus.publish("left behind");
            await().until(() -> bus.receivers().getFirst().delivered() == 6);
            assertThat(bus.evict(bus.receivers().getFirst().id())).isTrue();
            last.countDown();
            await().until(() -> export.stats().numbered() == 7);
            server.thaw();
            await().until(export::isClosed);
            Accounts.balance(7, export.stats(), "shop", imported, follower);
            await().until(() -> follower.of("shop").closed);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.LAGGED, 1L));
        } finally {
            last.countDown();
        }
    }

    @Test
    void anOriginThatWasForgottenAndComesBackIsNotToldAsLostFromItsBeginning() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").maxOrigins(1).start();
                Follower follower = Follower.of(imported)) {
            send("shop", 0);
            send("shop", 2); // held back, since 1 may still come
            await().until(() -> follower.of("shop").silences == 1);
            send("other", 0);
            await().until(() -> follower.of("other").silences == 1);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.EXPIRED, 1L));
            send("shop", 3);
            await().until(() -> follower.of("shop").silences == 2);
            assertThat(follower.of("shop").arrived).isEqualTo(3);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.EXPIRED, 1L));
        }
    }

    @Test
    void aStreamThatIsDeletedAndMadeAgainIsReadFromItsBeginning() throws Exception {
        addStream(-1);
        Connection near = server.connect();
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").lossless().start();
            publish(bus, 100);
            Accounts.awaitNext(100, "shop", imported);
            near.jetStreamManagement().deleteStream(STREAM);
            publish(bus, 20);
            addStream(-1);
            publish(bus, 30);
            // The import has its last sequence from the stream before, which is above all of these.
            export.close();
            Accounts.balance(150, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        }
    }

    @Test
    void anImportThatGoesOnKnowsThatTheStreamWasMadeAgainThoughItHasMoreByNow() throws Exception {
        addStream(-1);
        Bus<String> bus = Bus.create(64);
        NatsExport<String> export = exporting(bus, "shop").lossless().start();
        publish(bus, 10);
        NatsImport<String> before = importing("").start();
        Accounts.awaitNext(10, "shop", before);
        before.close();
        server.connect().jetStreamManagement().deleteStream(STREAM);
        addStream(-1);
        publish(bus, 300);
        export.close();
        try (NatsImport<String> imported = importing(before.position()).start();
                Follower follower = Follower.of(imported)) {
            Accounts.awaitNext(310, "shop", imported);
            await().until(() -> follower.of("shop").next == 310);
            assertThat(follower.of("shop").first).isEqualTo(10);
            assertThat(follower.of("shop").lost).isEmpty();
        }
        bus.close();
    }

    @Test
    void whatIsLeftOfABurstIsGivenThoughItsBeginningHasExpiredAndNothingFollows() throws Exception {
        addStream(5);
        try (Bus<String> bus = Bus.create(64);
                NatsExport<String> export = exporting(bus, "shop").start()) {
            bus.publishMany(IntStream.range(0, 20).mapToObj(i -> "event " + i).toList());
            ExportStats stats = awaitSent(export, 20);
            try (NatsImport<String> imported = importing("").start();
                    Follower follower = Follower.of(imported)) {
                Accounts.balance(20, stats, "shop", imported, follower);
                assertThat(follower.of("shop").lost).containsOnlyKeys(Cause.EXPIRED);
                assertThat(follower.of("shop").events).last().isEqualTo("event 19");
            }
        }
    }

    @Test
    void anImportSinceATimeBeginsWithWhatTheStreamTookThen() throws Exception {
        addStream(-1);
        export("before", 100);
        Instant since = lastOf("before");
        export("after", 10);
        try (NatsImport<String> imported =
                        Texts.importing().stream(STREAM)
                                .since(since)
                                .connection(server.connect())
                                .start();
                Follower follower = Follower.of(imported)) {
            Accounts.awaitNext(10, "after", imported);
            await().until(() -> follower.of("after").closed);
            assertThat(follower.of("after").arrived).isEqualTo(10);
            assertThat(follower.of("before").arrived).isZero();
            assertThat(follower.of("before").lost).isEmpty();
            assertThat(follower.of("before").closed).isTrue();
        }
    }

    @Test
    void anEventAtTheTailThatWasNotSentIsToldWithoutAFarewell() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64);
                NatsExport<String> export = exporting(bus, "shop").start()) {
            bus.publish("small");
            bus.publish("x".repeat(8_192));
            await().until(() -> export.stats().numbered() == 2);
            Accounts.balance(2, awaitSent(export, 1), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.TOO_LARGE, 1L));
        }
    }

    @Test
    void anEventAboveTheLimitOfTheServerIsLostAloneInAStreamToo() throws Exception {
        addStream(-1);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = exporting(bus, "shop").start();
            // With the header, the limit of the server lies between the first and the last.
            for (int length = 8192 - 400; length <= 8192; length++) {
                bus.publish("x".repeat(length));
            }
            export.close();
            Accounts.balance(401, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).containsOnlyKeys(Cause.TOO_LARGE);
            assertThat(follower.of("shop").arrived).isBetween(50L, 250L);
        }
    }

    @Test
    void anEventAboveTheLimitOfTheStreamIsLostAloneAndStopsNothing() throws Exception {
        addStream(-1, 1_000);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").start();
            bus.publish("before");
            bus.publish("x".repeat(1_000));
            bus.publish("after");
            export.close();
            Accounts.balance(3, export.stats(), "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEqualTo(Map.of(Cause.TOO_LARGE, 1L));
        }
    }

    /** The stream refuses what is under way; what comes after the refusal is not sent at all. */
    @Test
    void aLimitThatIsLoweredMeanwhileStopsNothing() throws Exception {
        addStream(-1, 4_000);
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export = exporting(bus, "shop").start();
            bus.publish("x".repeat(2_000));
            Accounts.awaitNext(1, "shop", imported);
            server.connect().jetStreamManagement().updateStream(configuration(-1, 1_000));
            bus.publish("x".repeat(2_000));
            bus.publish("between");
            await().until(() -> export.stats().unsent().equals(Map.of(Cause.TOO_LARGE, 1L)));
            bus.publish("x".repeat(2_000));
            bus.publish("after");
            export.close();
            assertThat(export.stats().sent()).isEqualTo(3);
            assertThat(export.stats().unsent()).isEqualTo(Map.of(Cause.TOO_LARGE, 2L));
            Accounts.awaitNext(5, "shop", imported);
            await().until(() -> follower.of("shop").closed);
            assertThat(follower.of("shop").arrived).isEqualTo(3);
            assertThat(follower.of("shop").lost)
                    .isEqualTo(Map.of(Cause.EXPIRED, 1L, Cause.TOO_LARGE, 1L));
        }
    }

    @Test
    void aStreamThatDoesNotTakeTheSubjectIsRefused() throws Exception {
        addStream(-1);
        try (Bus<String> bus = Bus.create(64)) {
            assertThatThrownBy(() -> exporting(bus, "shop").subject("other.events").start())
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "stream \"EVENTS\": it takes the subjects [test.events.*], and"
                                    + " \"other.events.shop\" is none of them");
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void anImportThatIsTooSlowReadsAgainWhatItsClientHasDropped() throws Exception {
        addStream(-1);
        CountDownLatch slow = new CountDownLatch(1);
        try (NatsImport<String> imported =
                        NatsImport.<String>builder(bytes -> decodedOnce(slow, bytes))
                                .subject(Texts.SUBJECT)
                                .stream(STREAM)
                                .connection(server.connect())
                                .pendingMessages(200)
                                .start();
                Follower follower = Follower.of(imported)) {
            ExportStats stats = export("shop", 1_000);
            await().until(() -> imported.stats().dropped() > 500);
            slow.countDown();
            Accounts.balance(1_000, stats, "shop", imported, follower);
            assertThat(follower.of("shop").lost).isEmpty();
        } finally {
            slow.countDown();
        }
    }

    private static String decodedOnce(CountDownLatch open, byte[] bytes) {
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new String(bytes, UTF_8);
    }

    @Test
    void anOriginThatHasNothingToSayIsNotSilentAndFillsNoStream() throws Exception {
        addStream(-1);
        Connection far = server.connect();
        try (NatsImport<String> imported =
                        Texts.importing().stream(STREAM).connection(far).start();
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(64);
                NatsExport<String> export = exporting(bus, "shop").start()) {
            bus.publish("event");
            Accounts.balance(1, awaitSent(export, 1), "shop", imported, follower);
            long before = far.getStatistics().getInMsgs();
            await().until(() -> far.getStatistics().getInMsgs() > before + 20);
            // On a busy machine three may be late, but then the next one is heard.
            await().until(() -> !Accounts.stats("shop", imported).silent());
            assertThat(
                            far.jetStreamManagement()
                                    .getStreamInfo(STREAM)
                                    .getStreamState()
                                    .getMsgCount())
                    .isEqualTo(2); // the first heartbeat, and the event
        }
    }

    @Test
    void eachRunOfAProcessThatIsKilledIsToldToALaterImport() throws Exception {
        addStream(-1);
        for (int run = 0; run < 2; run++) {
            long before = messages();
            Process process = Jvm.start(ExportProcess.class, server.url(), "shop", STREAM);
            try {
                await().until(() -> messages() > before + 300);
            } finally {
                process.destroyForcibly(); // kill -9
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        try (NatsImport<String> imported = importing("").start();
                Follower follower = Follower.of(imported)) {
            await().until(() -> follower.of("shop").silences == 1);
            follower.check();
            assertThat(follower.of("shop").restarts).isEqualTo(1);
            assertThat(follower.of("shop").lost).isEmpty();
            assertThat(follower.of("shop").arrived).isEqualTo(messages() - 2);
        }
    }

    @Test
    void aStreamThatIsNotThereAndAStartWithoutAStreamAreRefused() {
        try (Bus<String> bus = Bus.create(64)) {
            assertThatThrownBy(() -> exporting(bus, "shop").start())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("stream \"EVENTS\": the server says: 10059 ");
            assertThat(bus.stats().receivers()).isZero();
        }
        assertThatThrownBy(() -> importing("").start())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("stream \"EVENTS\": the server says: 10059 ");
        assertThatThrownBy(() -> Texts.importing().since(Instant.EPOCH).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need a stream(..)");
        assertThatThrownBy(() -> Texts.importing().resume("v1 x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "resume: \"v1 x\" is not allowed; allowed are the position of an import"
                                + " from a stream");
    }

    // ---- helping hands ----

    private void addStream(long maxMessages) throws Exception {
        addStream(maxMessages, -1);
    }

    private void addStream(long maxMessages, int maxBytes) throws Exception {
        server.connect().jetStreamManagement().addStream(configuration(maxMessages, maxBytes));
    }

    private static StreamConfiguration configuration(long maxMessages, int maxBytes) {
        return StreamConfiguration.builder()
                .name(STREAM)
                .subjects(Texts.SUBJECT + ".*")
                .storageType(StorageType.File)
                .maxMessages(maxMessages)
                .maximumMessageSize(maxBytes)
                .build();
    }

    private long messages() throws Exception {
        return server.connect()
                .jetStreamManagement()
                .getStreamInfo(STREAM)
                .getStreamState()
                .getMsgCount();
    }

    /** When the stream took the last message of an origin. */
    private Instant lastOf(String origin) throws Exception {
        return server.connect()
                .jetStreamManagement()
                .getLastMessage(STREAM, Texts.SUBJECT + "." + origin)
                .getTime()
                .toInstant();
    }

    private ExportStats export(String origin, int events) throws Exception {
        try (Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export = exporting(bus, origin).lossless().start();
            publish(bus, events);
            export.close();
            assertThat(export.stats().pending()).isZero();
            return export.stats();
        }
    }

    /** Puts an event into the stream as an export does that says nothing else. */
    private void send(String origin, long number) throws Exception {
        long heartbeatMillis = Texts.HEARTBEAT.toMillis();
        Note note = new Note(Note.Kind.EVENT, "run", number, heartbeatMillis, new long[5]);
        server.connect()
                .jetStream()
                .publish(Texts.SUBJECT + "." + origin, note.toHeaders(), "event".getBytes(UTF_8));
    }

    private static void publish(Bus<String> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.submit("event " + i);
        }
    }

    private static ExportStats awaitSent(NatsExport<?> export, long sent) {
        await().until(() -> export.stats().sent() == sent && export.stats().pending() == 0);
        return export.stats();
    }

    private NatsExport.Builder<String> exporting(Bus<String> bus, String origin) {
        return Texts.export(bus, origin).stream(STREAM).connection(server.connect());
    }

    private NatsImport.Builder<String> importing(String position) {
        return Texts.importing().stream(STREAM).resume(position).connection(server.connect());
    }
}
