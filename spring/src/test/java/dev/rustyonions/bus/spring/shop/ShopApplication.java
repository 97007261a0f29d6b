package dev.rustyonions.bus.spring.shop;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.sse.SseFeed;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A shop that shows its orders to browsers as they are placed. */
@SpringBootApplication
@RestController
public class ShopApplication {
    record Order(String article, int pieces) {}

    private final Bus<Order> bus;
    private final SseFeed<Order> feed;

    ShopApplication(Bus<Order> bus) {
        this.bus = bus;
        this.feed =
                SseFeed.builder(bus, (Order order) -> order.pieces() + " " + order.article())
                        .build();
    }

    @GetMapping("/events")
    SseFeed<Order> events() {
        return feed;
    }

    @PostMapping("/orders")
    void place(@RequestParam String article, @RequestParam int pieces) {
        bus.publish(new Order(article, pieces));
    }

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }
}
