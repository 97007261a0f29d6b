package dev.rustyonions.bus.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The feed that the guide shows. */
@Timeout(60)
class ShopFeedTest {
    @Test
    void aBrowserIsSentTheOrdersAndItsStreamEndsWithTheShop() throws Exception {
        Bus<ShopFeed.Order> bus = Bus.create(64);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ShopFeed shop = new ShopFeed(bus, anyPort);
        try (Client browser = new Client(shop.port(), "/orders", "")) {
            browser.open();
            bus.publish(new ShopFeed.Order(7, "tea"));
            shop.close();
            assertThat(browser.frame())
                    .containsExactly(
                            "event: order",
                            "id: " + bus.id() + "/0",
                            "data: {\"number\":7,\"article\":\"tea\"}");
            assertThat(browser.frame()).isEmpty();
        }
    }

    @Test
    void eachUserIsSentTheOrdersOfThatUser() {
        Bus<OrdersOf.Order> bus = Bus.create(64);
        SseFeed<OrdersOf.Order> feed =
                SseFeed.builder(bus, order -> String.valueOf(order.number())).build();
        bus.publish(new OrdersOf.Order("ann", 1));
        bus.publish(new OrdersOf.Order("bob", 2));
        try (Server server = new Server(OrdersOf.handler(feed));
                Client browser = new Client(server.port(), "/events?bob", "")) {
            browser.open();
            bus.close();
            assertThat(browser.frame()).contains("data: 2");
            assertThat(browser.frame()).isEmpty();
        } finally {
            bus.close();
        }
    }
}
