package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.browser.Browser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.imageio.ImageIO;

/**
 * The picture of the documents: a service with two buses, one of whose receivers has stopped. It is
 * written where the system property {@code console.picture} says, else beside the classes.
 */
@Timeout(120)
class ConsolePictureTest {
    /** Longer where the picture is wanted, so that the plots show something. */
    private static final int SECONDS = System.getProperty("console.picture") == null ? 8 : 25;

    @Test
    void thePictureOfTheDocumentsShowsALossAndIsNotLarge() throws Exception {
        Path picture = Path.of(System.getProperty("console.picture", "target/console.png"));
        List<Receiver<String>> receivers = new ArrayList<>();
        try (Browser browser = Browser.start();
                Bus<String> orders = named("orders", 1024);
                Bus<String> prices = named("prices", 256);
                Console console = Console.serve(0, orders, prices)) {
            for (String name : List.of("billing", "search-index", "cache", "screen", "screen")) {
                receivers.add(reading(orders, name, 0));
            }
            receivers.add(reading(orders, "mail", 4));
            receivers.add(orders.subscribe(o -> o.name("audit")));
            receivers.add(reading(prices, "screen", 0));
            browser.size(1280, 860);
            browser.open(console.uri());
            for (int i = 0; i < SECONDS * 100; i++) {
                for (int k = 0; k < (i % 300 < 40 ? 8 : 2); k++) {
                    orders.publish("an order");
                }
                prices.publish("a price");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            await().atMost(Browser.PATIENCE).until(() -> !browser.elements(".warning").isEmpty());
            assertThat(browser.text("#verdict")).contains("orders is losing").contains("audit");
            byte[] png = small(browser.picture());
            Files.createDirectories(picture.toAbsolutePath().getParent());
            Files.write(picture, png);
            assertThat(png.length).isBetween(20_000, 150_000);
            receivers.forEach(Receiver::close);
        }
    }

    /** The same picture in fewer shades of grey and colour, which takes less than half the room. */
    private static byte[] small(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        BufferedImage fewer =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int colour = image.getRGB(x, y) & 0xf8f8f8;
                fewer.setRGB(x, y, colour | colour >> 5 & 0x070707);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(fewer, "png", out);
        return out.toByteArray();
    }

    private static Bus<String> named(String name, int capacity) {
        return Bus.builder().name(name).capacity(capacity).overflowWarnPerMinute(0).build();
    }

    /** A receiver whose handler takes so many milliseconds for each message. */
    private static Receiver<String> reading(Bus<String> bus, String name, int millis) {
        Receiver<String> rx = bus.subscribe(o -> o.name(name));
        Thread.startVirtualThread(
                () ->
                        rx.consume(
                                event -> {
                                    if (millis > 0) {
                                        LockSupport.parkNanos(
                                                TimeUnit.MILLISECONDS.toNanos(millis));
                                    }
                                },
                                missed -> {}));
        return rx;
    }
}
