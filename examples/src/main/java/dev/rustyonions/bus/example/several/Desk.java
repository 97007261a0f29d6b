package dev.rustyonions.bus.example.several;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Values orders at the newest price known: one consumer of two buses. */
public final class Desk {
    /** An order for some pieces of a share. */
    public record Order(String share, int pieces) {}

    /** The price of a share. */
    public record Price(String share, int cents) {}

    /** What was received, and from which bus. */
    private sealed interface Input {
        record Orders(Received<Order> received) implements Input {}

        record Prices(Received<Price> received) implements Input {}
    }

    private final Receiver<Order> orders;
    private final Receiver<Price> prices;

    /** Subscribes to both. */
    public Desk(Bus<Order> orders, Bus<Price> prices) {
        this.orders = orders.subscribe();
        this.prices = prices.subscribe();
    }

    /** Returns when both buses are closed: a line for each order, and one for what was missed. */
    public List<String> run() throws InterruptedException {
        BlockingQueue<Input> inputs = new ArrayBlockingQueue<>(64);
        Thread.startVirtualThread(() -> Forwarding.toQueue(orders, Input.Orders::new, inputs));
        Thread.startVirtualThread(() -> Forwarding.toQueue(prices, Input.Prices::new, inputs));
        Map<String, Integer> newest = new HashMap<>(); // one thread, so no lock
        List<String> lines = new ArrayList<>();
        for (int open = 2; open > 0; ) {
            switch (inputs.take()) {
                case Input.Orders(Message<Order>(long sequence, Order order)) ->
                        lines.add(sequence + ": " + value(order, newest));
                case Input.Orders(Lagged<Order>(long from, long missed)) ->
                        lines.add(from + ": missed " + missed + " orders");
                case Input.Prices(Message<Price>(long sequence, Price price)) ->
                        newest.put(price.share(), price.cents());
                case Input.Prices(Lagged<Price> lagged) -> newest.clear(); // what is old is unknown
                case Input.Orders(Closed<Order> closed) -> open--;
                case Input.Prices(Closed<Price> closed) -> open--;
            }
        }
        return lines;
    }

    private static String value(Order order, Map<String, Integer> prices) {
        Integer cents = prices.get(order.share());
        return order.share() + " " + (cents == null ? "no price" : cents * order.pieces());
    }
}
