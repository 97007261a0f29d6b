package dev.rustyonions.bus.spring.shop;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.spring.shop.ShopApplication.Order;

import jakarta.annotation.PreDestroy;

import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what has been sold, in a virtual thread of its own. */
@Component
class Sold {
    private final Map<String, Integer> pieces = new ConcurrentHashMap<>();
    private final Thread counter;

    Sold(Bus<Order> bus) {
        Receiver<Order> orders = bus.subscribe(o -> o.name("sold")); // before the thread starts
        counter = Thread.ofVirtual().start(() -> count(orders));
    }

    int pieces(String article) {
        return pieces.getOrDefault(article, 0);
    }

    private void count(Receiver<Order> orders) {
        try (orders) {
            orders.consume(
                    order -> pieces.merge(order.article(), order.pieces(), Integer::sum),
                    missed -> pieces.clear());
        }
    }

    /** The bus is closed before beans are destroyed, so this does not wait for long. */
    @PreDestroy
    void awaitEnd() throws InterruptedException {
        counter.join();
    }
}
