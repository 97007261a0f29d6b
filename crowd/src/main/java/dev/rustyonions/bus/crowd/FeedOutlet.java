package dev.rustyonions.bus.crowd;

import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.sse.SseFeed;
import dev.rustyonions.bus.sse.SseHttpHandler;
import dev.rustyonions.bus.sse.SseStream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The feed of this project on the HTTP server of the JDK, as {@code docs/feeds.md} has it. */
final class FeedOutlet implements Outlet {
    private final Bus<Event> bus;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    FeedOutlet(int capacity) throws IOException {
        bus = Bus.builder().name("crowd").capacity(capacity).build();
        SseStream<Event> plain = feed(Event::toJson).stream(o -> {});
        SseStream<Event> longs = feed(Event::toLongJson).stream(o -> {});
        server = HttpServer.create(Outlet.anyPort(), BACKLOG);
        server.setExecutor(clients);
        server.createContext(
                "/events",
                new SseHttpHandler(
                        client ->
                                "long".equals(client.getRequestURI().getQuery()) ? longs : plain));
        server.start();
    }

    private SseFeed<Event> feed(java.util.function.Function<Event, String> encoder) {
        return SseFeed.builder(bus, encoder).writeTimeout(Duration.ofSeconds(5)).build();
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void publish(Event event) {
        var unused = bus.publish(event);
    }

    @Override
    public int clients() {
        return bus.stats().receivers();
    }

    @Override
    public void end() {
        bus.close();
    }

    @Override
    public void close() {
        bus.close();
        clients.close();
        server.stop(0);
    }
}
