package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The network to the server is cut, which no side is told of. */
class CutNetworkTest {
    private static final int NEAR = 0;
    private static final int FAR = 1;

    @TempDir Path directory;

    @Test
    void aCableThatIsCutAndMendedOnEitherSideCostsWhatIsTold() throws Exception {
        try (CutNetwork network = CutNetwork.orSkip();
                NatsServer server = NatsServer.start(directory, network.runner(), "0.0.0.0")) {
            Connection near = connect(server, network.server(NEAR));
            Connection far = connect(server, network.server(FAR));
            try (NatsImport<String> imported = Texts.importing(far);
                    Follower follower = Follower.of(imported);
                    Bus<String> bus = Bus.create(1024)) {
                NatsExport<String> export = Texts.export(bus, "shop", near);
                publish(bus, 100);
                Accounts.awaitNext(100, "shop", imported);

                network.cut(NEAR);
                publish(bus, 100);
                await().until(() -> near.getStatus() != Connection.Status.CONNECTED);
                publish(bus, 100);
                network.mend(NEAR);
                await().until(() -> near.getStatus() == Connection.Status.CONNECTED);
                publish(bus, 100);
                Accounts.awaitNext(400, "shop", imported);

                network.cut(FAR);
                publish(bus, 100);
                await().until(() -> far.getStatus() != Connection.Status.CONNECTED);
                publish(bus, 100);
                network.mend(FAR);
                Accounts.awaitNext(600, "shop", imported);
                publish(bus, 100);
                Accounts.awaitNext(700, "shop", imported);

                export.close();
                Accounts.balance(700, export.stats(), "shop", imported, follower);
                assertThat(follower.of("shop").lost).containsKey(Cause.ON_THE_WAY);
                assertThat(follower.of("shop").restarts).isZero();
            }
        }
    }

    private static Connection connect(NatsServer server, String address) {
        return server.connect(
                server.options(address)
                        .ignoreDiscoveredServers()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .pingInterval(Duration.ofMillis(100))
                        .maxPingsOut(2)
                        .build());
    }

    private static void publish(Bus<String> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.publish("event " + i);
        }
        assertThat(bus.awaitIdle(NatsServer.PATIENCE)).isTrue();
    }
}
