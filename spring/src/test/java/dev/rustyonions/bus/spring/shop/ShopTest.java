package dev.rustyonions.bus.spring.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/** The shop over HTTP, and no test waits by sleeping. */
class ShopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient http = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext shop;
    private static Bus<?> bus;

    @BeforeAll
    static void open() {
        shop =
                SpringApplication.run(
                        ShopApplication.class, "--server.port=0", "--ron.bus.capacity=64");
        bus = shop.getBean(Bus.class);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void anOrderIsCountedAsSold() throws Exception {
        place("pencil", 3);
        place("pencil", 4);
        assertTrue(bus.awaitIdle(PATIENCE)); // until the orders have been handled
        assertEquals(7, shop.getBean(Sold.class).pieces("pencil"));
    }

    @Test
    void anOrderIsShownToABrowserThatIsConnected() throws Exception {
        int others = bus.stats().receivers();
        try (Stream<String> lines = get("/events")) {
            assertTrue(bus.awaitReceivers(others + 1, PATIENCE)); // until the browser is subscribed
            place("brush", 2);
            assertTrue(lines.anyMatch("data: {\"article\":\"brush\",\"pieces\":2}"::equals));
        }
    }

    private static Stream<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofLines()).body();
    }

    private static void place(String article, int pieces) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri("/orders?article=" + article + "&pieces=" + pieces))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        assertEquals(200, http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }

    private static URI uri(String path) {
        String port = shop.getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://localhost:" + port + path);
    }
}
