package dev.rustyonions.bus.document.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The guide's feed, with clients that read, that leave and that do not read. */
@Timeout(60)
class EventFeedTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Bus<String> bus = Buses.open(Mode.CLASSIC, 16);

    @Test
    void aClientIsGivenEachEventWithItsSequence() throws IOException {
        try (EventFeed feed = feed(NEVER, Task.PATIENCE);
                Client client = new Client(feed.port())) {
            client.readUntil("retry: 1000");
            bus.publish("a");
            bus.publish("b");
            client.readUntil("id: 0");
            client.readUntil("data: a");
            client.readUntil("id: 1");
            client.readUntil("data: b");
        }
    }

    @Test
    void anIdleClientIsGivenHeartbeats() throws IOException {
        try (EventFeed feed = feed(SHORT, Task.PATIENCE);
                Client client = new Client(feed.port())) {
            client.readUntil(": heartbeat");
            client.readUntil(": heartbeat");
        }
    }

    @Test
    void aClientThatHasLeftIsNoticedByItsHeartbeat() throws IOException {
        try (EventFeed feed = feed(SHORT, Task.PATIENCE)) {
            try (Client client = new Client(feed.port())) {
                client.readUntil("retry: 1000");
                assertThat(bus.stats().receivers()).isOne();
            }
            await().atMost(Task.PATIENCE).until(() -> bus.stats().receivers() == 0);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOffWhenItsWriteTakesTooLong() throws IOException {
        String large = "x".repeat(16 << 20); // more than the buffers of both sockets hold
        try (EventFeed feed = feed(NEVER, Duration.ofSeconds(2));
                Client client = new Client(feed.port())) {
            client.readUntil("retry: 1000");
            bus.publish(large);
            await().atMost(Task.PATIENCE).until(() -> bus.stats().receivers() == 0);
        }
    }

    @Test
    void theCloseOfTheFeedEndsTheStreamOfEachClient() throws IOException {
        EventFeed feed = feed(NEVER, Task.PATIENCE);
        try (Client client = new Client(feed.port())) {
            client.readUntil("retry: 1000");
            bus.publish("last");
            feed.close();
            client.readUntil("data: last");
            client.readUntil(null);
        }
        assertThat(bus.stats().receivers()).isZero();
    }

    private EventFeed feed(Duration heartbeat, Duration writeTimeout) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new EventFeed(bus, anyPort, heartbeat, writeTimeout);
    }

    /** A browser, as far as the server sees. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Task.PATIENCE.toMillis()); // no interrupt ends a read
            socket.getOutputStream()
                    .write("GET /events HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Reads up to a line, or to the end of the stream if the line is null. */
        void readUntil(String wanted) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.equals(wanted)) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo(wanted);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
