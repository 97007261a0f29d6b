package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.nats.SharedStock.Stock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** The example of the guide does what the guide says, with the server named from outside. */
class SharedStockTest {
    @TempDir Path directory;

    @AfterEach
    void forgetTheServer() {
        System.clearProperty("ron.nats.url");
    }

    @Test
    void oneServiceSeesWhatTheOtherHasInStock() throws Exception {
        try (NatsServer server = NatsServer.start(directory)) {
            System.setProperty("ron.nats.url", server.url());
            SharedStock screen = new SharedStock();
            try (NatsImport<Stock> imported =
                            NatsImport.<Stock>builder(Stock::of).subject("shop.stock").start();
                    Bus<Stock> bus = Bus.create(256);
                    NatsExport<Stock> export = SharedStock.export(bus)) {
                Thread showing = Thread.ofVirtual().start(() -> screen.show(imported));
                bus.publish(new Stock(7, 20));
                bus.publish(new Stock(8, 1));
                bus.publish(new Stock(7, 19));
                await().until(() -> screen.inStock().equals(Map.of(7, 19, 8, 1)));
                imported.bus().close();
                assertThat(showing.join(NatsServer.PATIENCE)).isTrue();
                assertThat(export.stats().unsent()).isEmpty();
            }
        }
    }
}
