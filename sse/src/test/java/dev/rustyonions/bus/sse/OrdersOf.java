package dev.rustyonions.bus.sse;

import com.sun.net.httpserver.HttpExchange;

/** Shows each user the orders of that user. */
final class OrdersOf {
    /** An order of a user. */
    record Order(String user, int number) {}

    private OrdersOf() {}

    static SseHttpHandler handler(SseFeed<Order> feed) {
        return new SseHttpHandler(
                client -> {
                    String user = userOf(client);
                    return feed.stream(o -> o.oldest().filter(order -> order.user().equals(user)));
                });
    }

    /** A stand-in for whatever tells who has signed in. */
    private static String userOf(HttpExchange client) {
        return client.getRequestURI().getQuery();
    }
}
