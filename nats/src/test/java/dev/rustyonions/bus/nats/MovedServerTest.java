package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;
import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The server comes back elsewhere, as another server of a cluster would take over. */
class MovedServerTest {
    private static final String STREAM = "MOVED";

    @TempDir Path directory;

    @Test
    void aServerThatComesBackOnAnotherPortCostsWhatIsTold() throws Exception {
        try (NatsServer server = NatsServer.start(directory)) {
            server.reserveAnotherPort();
            Connection near = server.connect();
            try (NatsImport<String> imported = Texts.importing(server.connect());
                    Follower follower = Follower.of(imported);
                    Bus<String> bus = Bus.create(1024)) {
                NatsExport<String> export = Texts.export(bus, "shop", near);
                long published = 0;
                for (int move = 1; move <= 2; move++) {
                    published += publish(bus);
                    Accounts.awaitNext(published, "shop", imported);
                    String left = server.url();
                    server.kill();
                    await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
                    published += publish(bus);
                    server.startOnTheOtherPort();
                    assertThat(server.url()).isNotEqualTo(left);
                    int moves = move;
                    await().until(() -> imported.stats().reconnects() == moves);
                    await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
                }
                published += publish(bus);
                export.close();
                Accounts.balance(published, export.stats(), "shop", imported, follower);
                assertThat(export.stats().reconnects()).isEqualTo(2);
                assertThat(follower.of("shop").restarts).isZero();
            }
        }
    }

    @Test
    void aStreamThatComesBackOnAnotherPortCostsNothing() throws Exception {
        String store = directory.resolve("store").toString();
        try (NatsServer server = NatsServer.start(directory, "-js", "-sd", store)) {
            server.reserveAnotherPort();
            Connection near = server.connect();
            near.jetStreamManagement()
                    .addStream(
                            StreamConfiguration.builder()
                                    .name(STREAM)
                                    .subjects(Texts.SUBJECT + ".*")
                                    .build());
            try (NatsImport<String> imported =
                            Texts.importing().connection(server.connect()).stream(STREAM).start();
                    Follower follower = Follower.of(imported);
                    Bus<String> bus = Bus.create(1024)) {
                NatsExport<String> export =
                        Texts.export(bus, "shop").connection(near).stream(STREAM).start();
                publish(bus);
                server.kill();
                await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
                publish(bus);
                server.startOnTheOtherPort();
                await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
                publish(bus);
                export.close();
                Accounts.balance(300, export.stats(), "shop", imported, follower);
                assertThat(follower.of("shop").lost).isEmpty();
            }
        }
    }

    private static long publish(Bus<String> bus) {
        for (int i = 0; i < 100; i++) {
            bus.publish("event " + i);
        }
        return 100;
    }
}
