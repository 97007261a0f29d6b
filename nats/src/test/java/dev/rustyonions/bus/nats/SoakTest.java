package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All kinds of trouble, as chance has it, and then every account must balance. Runs for {@code
 * ron.nats.soak.seconds}, with {@code ron.nats.soak.seed} if given; the seed is printed.
 */
class SoakTest {
    private static final String STREAM = "SOAK";
    private static final String STREAM_SUBJECT = "soak.stream";

    @TempDir Path directory;

    private NatsServer server;

    @Test
    void everyAccountBalancesAfterAnyMixtureOfTrouble() throws Exception {
        long seconds = Long.getLong("ron.nats.soak.seconds", 4);
        long seed = Long.getLong("ron.nats.soak.seed", System.nanoTime());
        System.out.println("soak of " + seconds + " s, -Dron.nats.soak.seed=" + seed);
        Random chance = new Random(seed);
        Path config = Files.writeString(directory.resolve("server.conf"), "max_payload: 8192\n");
        Path store = directory.resolve("store");
        List<Side> sides = new ArrayList<>();
        try (NatsServer started =
                NatsServer.start(
                        directory, "-c", config.toString(), "-js", "-sd", store.toString())) {
            server = started;
            server.connect()
                    .jetStreamManagement()
                    .addStream(
                            StreamConfiguration.builder()
                                    .name(STREAM)
                                    .subjects(STREAM_SUBJECT + ".*")
                                    .build());
            sides.add(new Side("lossy", false, false));
            sides.add(new Side("lossless", true, false));
            sides.add(new Side("stream", false, true));
            sides.add(new Side("lossless-stream", true, true));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() - end < 0) {
                trouble(chance, sides);
            }
            for (Side side : sides) {
                side.settle();
            }
            for (Side side : sides) {
                side.balance();
            }
        } finally {
            sides.forEach(Side::close);
        }
    }

    private void trouble(Random chance, List<Side> sides) {
        Side side = sides.get(chance.nextInt(sides.size()));
        switch (chance.nextInt(6)) {
            case 0 -> {
                server.kill();
                pass(chance.nextInt(200));
                server.start();
            }
            case 1 -> {
                server.freeze();
                pass(chance.nextInt(300));
                server.thaw();
            }
            case 2 -> side.trouble = "too large";
            case 3 -> side.trouble = "not encodable";
            case 4 -> side.trouble = "undecodable";
            default -> side.burst = true;
        }
        pass(chance.nextInt(100));
    }

    /** Lets a random time pass; nothing is waited for. */
    private static void pass(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** An export with a publisher, and an import of it. */
    private final class Side {
        final String origin;
        final Bus<String> bus = Bus.create(128);
        final Connection far = server.connect(options());
        final Connection near = server.connect(options());
        final NatsImport<String> imported;
        final Follower follower;
        final NatsExport<String> export;
        final Thread publisher = Thread.ofVirtual().unstarted(this::publish);

        volatile String trouble = "";
        volatile boolean burst;
        private volatile boolean stopped;
        private volatile long published;

        Side(String origin, boolean lossless, boolean isStream) throws Exception {
            this.origin = origin;
            NatsExport.Builder<String> exporting =
                    NatsExport.builder(bus, SoakTest::encoded)
                            .origin(origin)
                            .connection(near)
                            .heartbeat(Texts.HEARTBEAT)
                            .closeTimeout(NatsServer.PATIENCE);
            NatsImport.Builder<String> importing =
                    NatsImport.<String>builder(SoakTest::decoded).connection(far);
            if (lossless) {
                exporting.lossless();
            }
            if (isStream) {
                exporting.subject(STREAM_SUBJECT).stream(STREAM);
                importing.subject(STREAM_SUBJECT).stream(STREAM);
            } else {
                exporting.subject(Texts.SUBJECT);
                importing.subject(Texts.SUBJECT);
            }
            imported = importing.start();
            follower = Follower.of(imported);
            export = exporting.start();
            Accounts.awaitNext(0, origin, imported);
            publisher.start();
        }

        private Options options() {
            return server.options()
                    // One that connects to a frozen server is to try again soon.
                    .connectionTimeout(Duration.ofSeconds(2))
                    .maxMessagesInOutgoingQueue(500)
                    .writeQueuePushTimeout(Duration.ofMillis(50))
                    .build();
        }

        private void publish() {
            while (!stopped) {
                submit(trouble.isEmpty() ? "event" : trouble);
                trouble = "";
                if (burst) {
                    burst = false;
                    for (int i = 0; i < 1_000; i++) {
                        submit("event");
                    }
                }
                LockSupport.parkNanos(200_000);
            }
        }

        private void submit(String event) {
            if (bus.submit(event) >= 0) {
                published++;
            }
        }

        /** Waits until both have a connection again and events arrive, then stops. */
        void settle() throws InterruptedException {
            await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
            await().until(() -> far.getStatus() == Connection.Status.CONNECTED);
            long before = Accounts.stats(origin, imported).arrived();
            long numbered = export.stats().numbered();
            await().until(() -> Accounts.stats(origin, imported).next() > numbered);
            await().until(() -> Accounts.stats(origin, imported).arrived() > before);
            stopped = true;
            assertThat(publisher.join(NatsServer.PATIENCE)).isTrue();
            export.close();
        }

        void balance() {
            Accounts.balance(published, export.stats(), origin, imported, follower);
            System.out.println(export.stats() + " " + Accounts.stats(origin, imported));
        }

        void close() {
            stopped = true;
            bus.close();
            imported.close();
            follower.close();
        }
    }

    private static byte[] encoded(String text) {
        return switch (text) {
            case "not encodable" -> throw new IllegalArgumentException(text);
            case "too large" -> new byte[10_000];
            default -> text.getBytes(UTF_8);
        };
    }

    private static String decoded(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        if (text.equals("undecodable")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
