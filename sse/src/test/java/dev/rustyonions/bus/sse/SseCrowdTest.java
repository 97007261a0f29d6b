package dev.rustyonions.bus.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A crowd of real clients over loopback: those that read get everything, whatever becomes of the
 * others, and none leaves a receiver behind. With {@code -Dron.tests=full} 2,000 of them.
 */
@SuppressWarnings("try") // the bus is closed by hand too
@Timeout(120)
class SseCrowdTest {
    private static final boolean FULL = "full".equals(System.getProperty("ron.tests"));
    private static final int CLIENTS = FULL ? 2_000 : 200;
    private static final int RESET = CLIENTS / 4;
    private static final int KILLED = CLIENTS / 4;
    private static final int READING = CLIENTS - RESET - KILLED - 1;
    private static final int EVENTS = 40;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** More than the buffers of a connection hold; only the one that does not read wants it. */
    private static final String LARGE = "x".repeat(16 << 20);

    private final Bus<String> bus = Bus.create(1024);
    private final SseFeed<String> feed =
            SseFeed.builder(bus, event -> event)
                    .heartbeat(HEARTBEAT)
                    .writeTimeout(Duration.ofSeconds(1))
                    .build();

    @Test
    void thoseThatReadGetEverythingWhateverBecomesOfTheOthersAndNobodyIsLeft() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Server server = new Server(new SseHttpHandler(this::streamFor));
                Bus<String> closedFirst = bus) {
            CountDownLatch opened = new CountDownLatch(READING);
            List<Future<List<String>>> reading = new ArrayList<>();
            for (int i = 0; i < READING; i++) {
                reading.add(threads.submit(() -> read(server.port(), opened)));
            }
            List<Client> resetting = new ArrayList<>();
            for (int i = 0; i < RESET; i++) {
                resetting.add(new Client(server.port()));
            }
            Process killed = clientsOfAnotherProcess(server.port());
            Client deaf = new Client(server.port(), "/events?large", "");
            opened.await();
            assertThat(bus.awaitReceivers(CLIENTS, Client.PATIENCE)).isTrue();
            await().atMost(Client.PATIENCE).until(() -> feed.clients() == CLIENTS);

            List<String> published = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                if (i == EVENTS / 4) {
                    resetting.forEach(Client::reset);
                }
                if (i == EVENTS / 2) {
                    killed.destroyForcibly().waitFor();
                }
                published.add("event " + i);
                bus.publish(published.get(i));
            }
            bus.publish(LARGE);
            long left = System.nanoTime();
            await().atMost(Client.PATIENCE).until(() -> feed.clients() == READING);
            Duration gone = Duration.ofNanos(System.nanoTime() - left);
            bus.close();
            for (Future<List<String>> client : reading) {
                assertThat(client.get()).isEqualTo(published);
            }
            deaf.close();
            await().atMost(Client.PATIENCE).until(() -> bus.stats().receivers() == 0);
            if (FULL) {
                System.out.println(
                        CLIENTS
                                + " clients, "
                                + READING
                                + " of them reading; the others were gone "
                                + gone
                                + " after the last event");
            }
        }
    }

    private SseStream<String> streamFor(HttpExchange client) {
        return "large".equals(client.getRequestURI().getQuery())
                ? feed.stream(o -> {})
                : feed.stream(o -> o.filter(event -> !event.equals(LARGE)));
    }

    /** What a client is sent, until the end of the stream. */
    private static List<String> read(int port, CountDownLatch opened) {
        try (Client client = new Client(port)) {
            client.open();
            opened.countDown();
            List<String> events = new ArrayList<>();
            for (List<String> frame = client.frame(); !frame.isEmpty(); frame = client.frame()) {
                assertThat(frame).hasSize(2);
                assertThat(frame.get(0)).endsWith("/" + events.size());
                events.add(frame.get(1).substring("data: ".length()));
            }
            return events;
        }
    }

    private static Process clientsOfAnotherProcess(int port) throws IOException {
        Process process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("sse.test.classes"),
                                ClientProcess.class.getName(),
                                String.valueOf(port),
                                String.valueOf(KILLED))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).isEqualTo("connected");
        return process;
    }
}
