package dev.rustyonions.bus.spring.shop;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.sse.SseFeed;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.databind.json.JsonMapper;

/** A shop whose orders browsers see as they are placed. */
@SpringBootApplication
public class ShopApplication {
    record Order(String article, int pieces) {}

    @Bean
    SseFeed<Order> feed(Bus<Order> bus, JsonMapper json) {
        return SseFeed.builder(bus, json::writeValueAsString).build();
    }

    @RestController
    record Orders(Sender<Order> orders, SseFeed<Order> feed) {
        @GetMapping("/events")
        SseFeed<Order> events() {
            return feed;
        }

        @PostMapping("/orders")
        void place(@RequestParam String article, @RequestParam int pieces) {
            orders.publish(new Order(article, pieces));
        }
    }

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }
}
