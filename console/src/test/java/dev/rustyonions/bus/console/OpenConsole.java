package dev.rustyonions.bus.console;

import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The two ways to reach a console from other machines, as the guide shows them. */
final class OpenConsole {
    private OpenConsole() {}

    static Console listening(InetSocketAddress where, String token, Bus<?> orders)
            throws IOException {
        return Console.builder()
                .buses(orders)
                .address(where.getAddress())
                .token(token) // 16 random characters or more, from the configuration
                .serve(where.getPort());
    }

    static Console mounted(HttpServer server, String token, Bus<?> orders) {
        Console console = Console.builder().buses(orders).token(token).build();
        server.createContext("/ops/buses/", console.handler());
        return console;
    }
}
