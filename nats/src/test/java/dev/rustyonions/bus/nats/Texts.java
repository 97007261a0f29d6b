package dev.rustyonions.bus.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Exports and imports of texts, as the tests set them up. */
final class Texts {
    static final String SUBJECT = "test.events";
    static final Duration HEARTBEAT = Duration.ofMillis(100);

    private Texts() {}

    static NatsExport.Builder<String> export(Bus<String> bus, String origin) {
        return NatsExport.builder(bus, (String text) -> text.getBytes(UTF_8))
                .subject(SUBJECT)
                .origin(origin)
                .heartbeat(HEARTBEAT)
                .closeTimeout(NatsServer.PATIENCE);
    }

    static NatsExport<String> export(Bus<String> bus, String origin, Connection connection)
            throws IOException, InterruptedException {
        return export(bus, origin).connection(connection).start();
    }

    /** An export whose encoder waits at one event. */
    static NatsExport.Builder<String> exportThatWaits(
            Bus<String> bus, String at, CountDownLatch until) {
        return NatsExport.builder(
                        bus,
                        (String text) -> {
                            if (text.equals(at)) {
                                awaitLatch(until);
                            }
                            return text.getBytes(UTF_8);
                        })
                .subject(SUBJECT)
                .origin("shop")
                .heartbeat(HEARTBEAT)
                .closeTimeout(NatsServer.PATIENCE);
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static NatsImport.Builder<String> importing() {
        return NatsImport.<String>builder(bytes -> new String(bytes, UTF_8))
                .subject(SUBJECT)
                .bus(Bus.builder().name("imported").capacity(4096));
    }

    static NatsImport<String> importing(Connection connection)
            throws IOException, InterruptedException {
        return importing().connection(connection).start();
    }
}
