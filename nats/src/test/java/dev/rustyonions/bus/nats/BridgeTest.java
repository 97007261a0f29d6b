package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import io.nats.client.Connection;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Events between buses through a real server that is well. */
class BridgeTest {
    @TempDir Path directory;

    private NatsServer server;

    @BeforeEach
    void startServer() {
        server = NatsServer.start(directory);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void twoImportsGetEveryEventInOrderAndACleanCloseBalances() throws Exception {
        Connection far = server.connect();
        try (NatsImport<String> one = Texts.importing(far);
                NatsImport<String> two = Texts.importing(far);
                Follower first = Follower.of(one);
                Follower second = Follower.of(two);
                Bus<String> bus = Bus.create(1024)) {
            NatsExport<String> export =
                    Texts.export(bus, "shop").connection(server.connect()).lossless().start();
            List<String> events = IntStream.range(0, 5_000).mapToObj(i -> "event " + i).toList();
            assertThat(bus.submitMany(events)).isEqualTo(5_000);
            export.close();

            assertThat(export.isClosed()).isTrue();
            assertThat(export.stats().sent()).isEqualTo(5_000);
            Accounts.balance(5_000, export.stats(), "shop", one, first);
            Accounts.balance(5_000, export.stats(), "shop", two, second);
            NatsServer.await().until(() -> first.of("shop").closed && second.of("shop").closed);
            assertThat(first.of("shop").events).isEqualTo(events);
            assertThat(second.of("shop").events).isEqualTo(events);
            assertThat(first.of("shop").silences).isEqualTo(1);
        }
    }

    @Test
    void anEventOfEachOfThreeProcessesArrivesOnceAtEachOfTheOthersAndNeverComesBack()
            throws Exception {
        Connection shared = server.connect();
        try (Peer one = new Peer("one", server.connect());
                Peer two = new Peer("two", shared);
                Peer three = new Peer("three", shared)) {
            List<Peer> peers = List.of(one, two, three);
            for (Peer peer : peers) {
                peer.bus.publish("of " + peer.origin);
            }
            for (Peer peer : peers) {
                peer.bus.close();
            }
            for (Peer peer : peers) {
                for (Peer other : peers) {
                    Follower.Seen seen = peer.follower.of(other.origin);
                    if (other != peer) {
                        NatsServer.await().until(() -> seen.closed);
                        assertThat(seen.events).isEqualTo(List.of("of " + other.origin));
                    }
                }
                assertThat(peer.follower.of(peer.origin).arrived).isZero();
                assertThat(peer.export.stats().numbered()).isEqualTo(1);
            }
        }
    }

    /** A process that exports and imports. */
    private static final class Peer implements AutoCloseable {
        final String origin;
        final Bus<String> bus = Bus.create(64);
        final NatsImport<String> imported;
        final Follower follower;
        final NatsExport<String> export;

        Peer(String origin, Connection connection) throws Exception {
            this.origin = origin;
            imported = Texts.importing().origin(origin).connection(connection).start();
            follower = Follower.of(imported);
            export = Texts.export(bus, origin, connection);
        }

        @Override
        public void close() {
            export.close();
            imported.close();
            follower.close();
        }
    }
}
