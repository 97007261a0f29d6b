package dev.rustyonions.bus.sse;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The server of the JDK with a feed, as a user would set it up. */
final class Server implements AutoCloseable {
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Server(SseHttpHandler handler) {
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            server = HttpServer.create(new InetSocketAddress(loopback, 0), 4096);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(clients);
        server.createContext("/events", handler);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** To be called with the bus or the feed closed: waits for the threads of all clients. */
    @Override
    public void close() {
        clients.close();
        server.stop(0);
    }
}
