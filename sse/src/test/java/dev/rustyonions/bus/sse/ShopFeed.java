package dev.rustyonions.bus.sse;

import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Shows the orders of a shop to browsers, as they come. */
final class ShopFeed implements AutoCloseable {
    /** What the shop publishes. */
    record Order(int number, String article) {
        String toJson() {
            return "{\"number\":" + number + ",\"article\":\"" + article + "\"}";
        }
    }

    private final Bus<Order> bus;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    ShopFeed(Bus<Order> bus, InetSocketAddress address) throws IOException {
        this.bus = bus;
        SseFeed<Order> feed =
                SseFeed.builder(bus, Order::toJson).eventName(order -> "order").build();
        server = HttpServer.create(address, 0);
        server.setExecutor(clients); // a virtual thread for each client
        server.createContext("/orders", new SseHttpHandler(feed));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        bus.close(); // first: it ends the streams, for which the next line waits
        clients.close();
        server.stop(0);
    }
}
