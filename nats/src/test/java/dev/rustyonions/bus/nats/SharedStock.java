package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Two services share what is in stock: the one exports its events, the other imports them. */
final class SharedStock {
    /** So many of an article are in stock. */
    record Stock(int article, int count) {
        byte[] toBytes() {
            return ByteBuffer.allocate(8).putInt(article).putInt(count).array();
        }

        static Stock of(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Stock(buffer.getInt(), buffer.getInt());
        }
    }

    /** In the service that has the stock. */
    static NatsExport<Stock> export(Bus<Stock> bus) throws Exception {
        return NatsExport.builder(bus, Stock::toBytes)
                .subject("shop.stock")
                .origin("warehouse-1")
                .start();
    }

    private final Map<Integer, Integer> inStock = new ConcurrentHashMap<>();

    /** In the service that shows it, on a thread of its own. */
    Reason show(NatsImport<Stock> imported) {
        try (Receiver<Remote<Stock>> rx = imported.bus().subscribe(o -> o.oldest())) {
            return rx.consume(this::show, missed -> reload());
        }
    }

    private void show(Remote<Stock> remote) {
        switch (remote) {
            case Remote.Arrived<Stock> arrived ->
                    inStock.put(arrived.event().article(), arrived.event().count());
            case Remote.Lost<Stock> lost -> reload();
            case Remote.Restarted<Stock> restarted -> reload();
            case Remote.Silent<Stock> silent -> System.out.println(silent.origin() + " is silent");
        }
    }

    /** A stand-in for asking the warehouse for all of it. */
    private void reload() {
        inStock.clear();
    }

    Map<Integer, Integer> inStock() {
        return inStock;
    }
}
