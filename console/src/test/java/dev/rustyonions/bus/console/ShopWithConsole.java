package dev.rustyonions.bus.console;

import dev.rustyonions.bus.Bus;

import java.io.IOException;

/** A service with a console, as the guide shows it. */
final class ShopWithConsole implements AutoCloseable {
    private final Bus<String> orders = Bus.builder().name("orders").build();
    private final Bus<String> prices = Bus.builder().name("prices").build();
    private final Console console;

    ShopWithConsole(int port) throws IOException {
        console = Console.serve(port, orders, prices); // http://localhost:8080/ for 8080
    }

    Console console() {
        return console;
    }

    @Override
    public void close() {
        console.close();
        orders.close();
        prices.close();
    }
}
