package dev.rustyonions.bus.document.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Streams a bus to browsers as server-sent events: a virtual thread and a receiver a client. */
final class EventFeed implements AutoCloseable {
    private final Bus<String> bus; // of lines of text, encoded before they are published
    private final Duration heartbeat;
    private final Duration writeTimeout;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final HttpServer server;

    EventFeed(Bus<String> bus, InetSocketAddress address, Duration heartbeat, Duration writeTimeout)
            throws IOException {
        this.bus = bus;
        this.heartbeat = heartbeat;
        this.writeTimeout = writeTimeout;
        server = HttpServer.create(address, 0);
        server.setExecutor(clients);
        server.createContext("/events", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange client) throws IOException {
        try (client;
                Receiver<String> rx = bus.subscribe()) {
            client.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            client.getResponseHeaders().set("Cache-Control", "no-store");
            client.sendResponseHeaders(200, 0); // of unknown length
            write(client, "retry: 1000\n\n");
            while (true) {
                switch (rx.recvTimeout(heartbeat)) {
                    case Message<String>(long sequence, String line) ->
                            write(client, "id: " + sequence + "\ndata: " + line + "\n\n");
                    case Lagged<String>(long from, long missed) ->
                            write(client, "event: missed\ndata: " + missed + "\n\n");
                    case Empty<String> nothing -> write(client, ": heartbeat\n\n");
                    case Closed<String> closed -> {
                        return;
                    }
                }
            }
        }
    }

    /**
     * Writes within the time limit. An interrupt closes the client's channel and ends the write.
     */
    private void write(HttpExchange client, String text) throws IOException {
        Thread writer = Thread.currentThread();
        Future<?> limit =
                clock.schedule(writer::interrupt, writeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            OutputStream body = client.getResponseBody();
            body.write(text.getBytes(UTF_8));
            body.flush();
        } finally {
            limit.cancel(false);
        }
    }

    /** Waits for the threads of the clients, which end because the bus is closed first. */
    @Override
    public void close() {
        bus.close();
        clients.close();
        server.stop(0);
        clock.close();
    }
}
