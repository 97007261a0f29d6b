package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.browser.Browser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A page that stays open, with lags, lines of the panel and receivers that come and go: for a few
 * seconds, or for as many minutes as the system property {@code console.minutes} says, which {@code
 * scripts/console_growth.sh} sets.
 */
@Timeout(value = 6, unit = TimeUnit.HOURS)
class ConsoleGrowthTest {
    private static final Integer MINUTES = Integer.getInteger("console.minutes");
    private static final Duration INTERVAL = Duration.ofMillis(MINUTES == null ? 100 : 1_000);

    /** Once the plots and the lists are full nothing more is kept. */
    private static final int UNTIL_FULL = 130;

    private static final int POINTS = MINUTES == null ? 2 : 10;

    /** Readings between two points. */
    private static final int READINGS = MINUTES == null ? 60 : MINUTES * 60 / (POINTS - 1);

    /** A warning or a receiver that is there at one point and not at another. */
    private static final int A_FEW = 25;

    private final Bus<String> bus =
            Bus.builder().name("orders").capacity(64).overflowWarnPerMinute(0).build();

    @Test
    void aPageThatStaysOpenDoesNotGrow() throws Exception {
        Panel panel = new Panel("Notes", "");
        try (Browser browser = Browser.start();
                bus;
                Receiver<String> slow = bus.subscribe(o -> o.name("slow"));
                Receiver<String> fast = bus.subscribe(o -> o.name("fast"));
                Console console =
                        Console.builder().buses(bus).panel(panel).interval(INTERVAL).serve(0)) {
            Thread.startVirtualThread(() -> fast.consume(e -> {}, missed -> {}));
            browser.open(console.uri());
            browser.awaitText("#state", "live");
            after(UNTIL_FULL, browser, slow, panel);
            List<Map<String, Double>> points = new ArrayList<>();
            for (int i = 0; i < POINTS; i++) {
                if (i > 0) {
                    after(READINGS, browser, slow, panel);
                }
                points.add(browser.memory());
                if (MINUTES != null) {
                    System.out.println(line(points.getLast()));
                }
            }
            assertThat(points.getLast().get("elements"))
                    .isLessThan(points.getFirst().get("elements") + A_FEW);
            assertThat(points.getLast().get("JSEventListeners"))
                    .isLessThan(points.getFirst().get("JSEventListeners") + A_FEW);
            assertThat(points.getLast().get("JSHeapUsedSize"))
                    .isLessThan(points.getFirst().get("JSHeapUsedSize") + 1_000_000);
            assertThat(browser.errors()).isEmpty();
            browser.leave();
        }
    }

    private static String line(Map<String, Double> point) {
        return String.format(
                "heap after collection %.0f KB, elements %.0f, listeners %.0f, nodes %.0f",
                point.get("JSHeapUsedSize") / 1024,
                point.get("elements"),
                point.get("JSEventListeners"),
                point.get("Nodes"));
    }

    /**
     * Lets so many readings come, with a lag and a line of the panel in each, and a receiver that
     * comes and goes.
     */
    private void after(int readings, Browser browser, Receiver<String> slow, Panel panel) {
        browser.script(
                """
                window.readings = 0;
                window.seen = reading && reading.at;
                clearInterval(window.counting);
                window.counting = setInterval(() => {
                  if (reading && reading.at !== seen) { seen = reading.at; window.readings++; }
                }, 5);
                """);
        await().atMost(Duration.ofHours(3))
                .pollInterval(INTERVAL.dividedBy(2))
                .until(
                        () -> {
                            Receiver<String> passing = bus.subscribe(o -> o.name("passing"));
                            for (int i = 0; i < 2 * bus.capacity(); i++) {
                                bus.publish("payload");
                            }
                            slow.drain(3, received -> {});
                            panel.note("a line");
                            passing.close();
                            return (long) browser.script("return window.readings") >= readings;
                        });
    }
}
