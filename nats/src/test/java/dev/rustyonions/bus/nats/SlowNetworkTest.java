package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;

/** The network to the server is slow or loses packets, where the kernel can be told to do so. */
class SlowNetworkTest {
    private static final int NEAR = 0;
    private static final int FAR = 1;
    private static final int EVENTS = 2_000;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "netem delay 20ms 5ms loss 2%",
                "tbf rate 10mbit burst 16kb latency 50ms" // what does not fit is dropped
            })
    void aNetworkThatIsSlowOrDropsPacketsCostsWhatIsTold(String how) throws Exception {
        try (CutNetwork network = CutNetwork.orSkip()) {
            network.slowDown(NEAR, how);
            network.slowDown(FAR, how);
            try (NatsServer server = NatsServer.start(directory, network.runner(), "0.0.0.0")) {
                balance(server, network);
            }
        }
    }

    private static void balance(NatsServer server, CutNetwork network) throws Exception {
        Connection near = connect(server, network.server(NEAR));
        Connection far = connect(server, network.server(FAR));
        try (NatsImport<String> imported = Texts.importing(far);
                Follower follower = Follower.of(imported);
                Bus<String> bus = Bus.create(256)) {
            NatsExport<String> export = Texts.export(bus, "shop", near);
            for (int i = 0; i < EVENTS; i++) {
                bus.publish("x".repeat(500));
            }
            export.close();
            Accounts.balance(EVENTS, export.stats(), "shop", imported, follower);
        }
    }

    private static Connection connect(NatsServer server, String address) {
        return server.connect(
                server.options(address)
                        .ignoreDiscoveredServers()
                        .maxMessagesInOutgoingQueue(100)
                        .writeQueuePushTimeout(Duration.ofMillis(100))
                        .build());
    }
}
