package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.browser.Browser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The page in a real browser: what it shows, what its reader can do, and what it survives. */
@Timeout(300)
class ConsoleBrowserTest {
    private static final int CAPACITY = 64;
    private static final String SCRIPT = "<script>alert(1)</script>";

    private static Browser browser;

    private final Bus<String> bus = named("orders");
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(bus));

    @BeforeAll
    static void startTheBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        List<String> errors = browser.errors();
        browser.leave(); // or the ends of the streams would be errors of the next test
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        browser.size(1280, 900);
        browser.colours("light");
        assertThat(errors).isEmpty();
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private static Bus<String> named(String name) {
        return Bus.builder().name(name).capacity(CAPACITY).overflowWarnPerMinute(0).build();
    }

    private Console page(Bus<?>... buses) throws Exception {
        Console console = open(Console.serve(0, buses));
        browser.open(console.uri());
        browser.awaitText("#state", "live");
        return console;
    }

    private Receiver<String> receiver(String name) {
        return open(bus.subscribe(o -> o.name(name)));
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            bus.publish("payload");
        }
    }

    /** A receiver that takes whatever comes. */
    private Receiver<String> reading(String name) {
        Receiver<String> rx = receiver(name);
        Thread.startVirtualThread(() -> rx.consume(e -> {}, missed -> {}));
        return rx;
    }

    @Test
    void thePageShowsWhatTheTotalsSayWithinTwoSeconds() throws Exception {
        reading("fast");
        page(bus);
        for (int round = 1; round <= 3; round++) {
            publish(411);
            long published = System.nanoTime();
            browser.awaitFigure("Published", String.format("%,d", round * 411));
            assertThat(Duration.ofNanos(System.nanoTime() - published))
                    .isLessThan(Duration.ofSeconds(2));
        }
        browser.awaitFigure("Receivers", "1");
        assertThat(browser.text("#bus-title")).isEqualTo("orders");
        assertThat(browser.text("body")).doesNotContain("payload");
    }

    @Test
    void aReceiverThatStopsRisesAndItsLossIsExactToTheMessage() throws Exception {
        for (int i = 0; i < 5; i++) {
            reading("fast-" + i);
        }
        Receiver<String> slow = receiver("stopped");
        page(bus);
        browser.awaitText("#verdict", "Nothing is being lost");
        // No more than the window at once, so that the others keep up.
        for (int i = 0; i < 10; i++) {
            publish(CAPACITY / 2);
            await().until(() -> bus.receivers().stream().skip(1).allMatch(r -> r.depth() == 0));
        }
        long missed = 10 * CAPACITY / 2 - CAPACITY;
        browser.awaitFigure("Missed", String.valueOf(missed));
        browser.awaitText("#verdict h2", "orders is losing messages");
        browser.awaitText("#verdict", "stopped (id " + slow.id() + ")");
        assertThat(browser.receivers().getFirst()).isEqualTo("stopped");
        assertThat(browser.text("tbody tr:first-child td:nth-child(4)"))
                .isEqualTo(String.valueOf(missed));
        assertThat(bus.stats().missed()).isEqualTo(missed);
        assertThat(slow.tryRecv()).isEqualTo(new Lagged<>(0, missed));
        browser.awaitText("#lags", "stopped missed " + missed);
    }

    @Test
    void aWarningWithoutALossIsToldAtTheTopToo() throws Exception {
        page(bus);
        browser.awaitText("#verdict h2", "Nothing is being lost");
        await().atMost(Browser.PATIENCE)
                .until(
                        () -> {
                            publish(1);
                            return browser.text("#verdict")
                                    .contains("orders: nobody is subscribed.");
                        });
        assertThat(browser.text("#verdict h2"))
                .isEqualTo("Nothing is being lost, but there are warnings");
    }

    @Test
    void evictEndsTheReceiverAndSaysSo() throws Exception {
        Receiver<String> stuck = receiver("stuck");
        reading("fast");
        page(bus);
        publish(10);
        browser.awaitText("tbody tr:first-child b", "stuck");
        browser.click("tbody tr:first-child button");
        assertThat(browser.text("#confirm")).contains("Evict stuck?").contains("Closed(EVICTED)");
        browser.click("#confirm-no");
        assertThat(bus.stats().receivers()).isEqualTo(2);
        browser.click("tbody tr:first-child button");
        browser.click("#confirm-yes");
        assertThat(await().until(stuck::recv, Closed.class::isInstance))
                .isEqualTo(new Closed<>(Reason.EVICTED));
        browser.awaitText("#announce", "Evicted stuck.");
        browser.awaitFigure("Receivers", "1");
        browser.pointAt("h1");
        await().untilAsserted(() -> assertThat(browser.receivers().toString()).isEqualTo("[fast]"));
    }

    @Test
    void evictEndsTheReceiverOfTheBusThatIsThereAfterARestart() throws Exception {
        receiver("stuck");
        publish(10);
        Console first = page(bus);
        browser.awaitText("tbody tr:first-child b", "stuck");
        browser.pointAt("tbody tr:first-child");
        first.close();
        browser.awaitText("#state", "gone since");
        Bus<String> restarted = open(named("orders"));
        Receiver<String> again = open(restarted.subscribe(o -> o.name("stuck again")));
        open(Console.serve(first.uri().getPort(), restarted));
        browser.awaitText("#state", "live");
        assertThat(browser.receivers().toString()).isEqualTo("[stuck again]");
        browser.click("tbody tr:first-child button");
        browser.click("#confirm-yes");
        browser.awaitText("#announce", "Evicted stuck again.");
        assertThat(again.recv()).isEqualTo(new Closed<>(Reason.EVICTED));
        assertRestartErrorsOnly();
    }

    @Test
    void anEvictionThatFailsIsShown() throws Exception {
        Receiver<String> stuck = receiver("stuck");
        page(bus);
        browser.awaitText("tbody tr:first-child b", "stuck");
        browser.click("tbody tr:first-child button");
        stuck.close();
        browser.click("#confirm-yes");
        browser.awaitText("#failed", "Could not evict stuck");
        assertThat(browser.text("#failed")).contains("No receiver that lives has that number.");
        assertThat(browser.element("#failed").isDisplayed()).isTrue();
        assertThat(browser.offences()).isEmpty();
        browser.click("#failed-close");
        assertThat(browser.element("#failed").isDisplayed()).isFalse();
        assertThat(browser.errors())
                .allSatisfy(error -> assertThat(error).contains("404 (Not Found)"));
    }

    @Test
    void thePlotsShowHowFarAndHowLongReceiversAreBehind() throws Exception {
        Receiver<String> slow = receiver("slow");
        page(bus);
        assertThat(plot("Lag distance")).isEqualTo("peak 0");
        assertThat(plot("Latency")).isEqualTo("none yet");
        publish(CAPACITY + 7);
        assertThat(slow.tryRecv()).isEqualTo(new Lagged<>(0, 7));
        await().atMost(Browser.PATIENCE)
                .untilAsserted(() -> assertThat(plot("Lag distance")).isEqualTo("peak 7"));
        await().atMost(Browser.PATIENCE)
                .until(
                        () -> {
                            slow.drain(CAPACITY, received -> {});
                            publish(CAPACITY);
                            return plot("Latency").matches("peak [\\d.,]+ (\u00b5s|ms|s)");
                        });
        assertThat(browser.script("return document.querySelectorAll('.plot path[d^=M]').length"))
                .isEqualTo(10L);
        assertThat(browser.text(".plot:last-child svg")).doesNotContain("NaN");
    }

    /** What stands beside the title of a plot. */
    private static String plot(String title) {
        return browser.text(".plot[data-key^='" + title + "'] b");
    }

    @Test
    void aNameIsShownAsTextWhateverItIs() throws Exception {
        Bus<String> odd = open(named(SCRIPT));
        open(odd.subscribe(o -> o.name("<img src=x onerror=alert(1)>")));
        open(odd.subscribe(o -> o.name("</script>" + SCRIPT)));
        page(odd);
        odd.publish("payload");
        assertThat(browser.text("#bus-title")).isEqualTo(SCRIPT);
        await().untilAsserted(
                        () ->
                                assertThat(browser.receivers())
                                        .asString()
                                        .contains("<img src=x onerror=alert(1)>")
                                        .contains("</script>" + SCRIPT));
        assertThat(browser.elements("img")).isEmpty();
    }

    @Test
    void aConsoleThatIsGoneIsSaidToBeGoneAndThePageComesBackWithTheNext() throws Exception {
        Console first = page(bus);
        URI uri = first.uri();
        first.close();
        browser.awaitText("#state", "gone since");
        assertThat(browser.text("#announce")).isEqualTo("The connection is gone.");
        Bus<String> restarted = open(named("orders"));
        restarted.publish("payload");
        open(Console.serve(uri.getPort(), restarted));
        browser.awaitText("#state", "live");
        browser.awaitFigure("Published", "1");
        assertThat(browser.text("#announce")).isEqualTo("The connection is back.");
        assertRestartErrorsOnly();
    }

    /** A proxy in front of a service that is gone answers by a page of its own. */
    @Test
    void aPageThatAnswersInsteadOfTheConsoleIsToldByItsStatus() throws Exception {
        Console first = page(bus);
        first.close();
        browser.awaitText("#state", "gone since");
        HttpServer proxy =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), first.uri().getPort()),
                        0);
        proxy.createContext(
                "/",
                exchange -> {
                    byte[] answer = "<h1>Bad Gateway</h1>".getBytes(UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "text/html");
                    exchange.sendResponseHeaders(502, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        proxy.start();
        open(() -> proxy.stop(0));
        browser.awaitText("#state", "trying again: The answer has status 502.");
        assertThat(browser.errors())
                .allSatisfy(
                        error -> assertThat(error).containsAnyOf("net::ERR_", "502 (Bad Gateway)"));
    }

    /** The browser itself logs each attempt that found nobody. */
    private static void assertRestartErrorsOnly() {
        assertThat(browser.errors())
                .allSatisfy(
                        error ->
                                assertThat(error).containsAnyOf("net::ERR_", "401 (Unauthorized)"));
    }

    @Test
    void aBusThatIsClosedIsShownAsClosedAndTheOthersGoOn() throws Exception {
        Bus<String> prices = open(named("prices"));
        reading("fast");
        page(bus, prices);
        bus.close();
        browser.awaitText("#tags", "closed");
        browser.awaitText("#buses li:first-child", "closed");
        browser.awaitText("#rest", "The bus is closed, and every receiver has been told.");
        browser.click("#buses li:nth-child(2) button");
        prices.publish("payload");
        browser.awaitFigure("Published", "1");
        assertThat(browser.text("#bus-title")).isEqualTo("prices");
    }

    @Test
    void theOrderOfTheTableIsHeldWhileThePointerIsOnItAndTheFiguresGoOn() throws Exception {
        Receiver<String> first = receiver("first");
        Receiver<String> second = receiver("second");
        publish(10);
        page(bus);
        first.drain(5, e -> {});
        awaitOrder("[second, first]");
        browser.pointAt("tbody tr:first-child");
        second.drain(8, e -> {});
        browser.awaitText("tbody tr:first-child td:nth-child(2)", "2");
        assertThat(browser.receivers().toString()).isEqualTo("[second, first]");
        assertThat(browser.text("#order")).contains("order held");
        browser.pointAt("h1");
        awaitOrder("[first, second]");
    }

    @Test
    void theFocusStaysOnItsReceiverAndTheOrderWaitsForIt() throws Exception {
        Receiver<String> first = receiver("first");
        Receiver<String> second = receiver("second");
        publish(10);
        page(bus);
        first.drain(5, e -> {});
        awaitOrder("[second, first]");
        browser.script("document.querySelector('tbody tr:first-child button').focus()");
        second.drain(8, e -> {});
        browser.awaitText("tbody tr:first-child td:nth-child(2)", "2");
        assertThat(browser.receivers().toString()).isEqualTo("[second, first]");
        assertThat(focused()).startsWith("Evict second");
        browser.script("document.activeElement.blur()");
        awaitOrder("[first, second]");
    }

    @Test
    void theTableKeepsABoundedNumberOfThoseThatHaveGoneAndForgetsALeftPointer() throws Exception {
        receiver("there");
        page(bus);
        awaitOrder("[there]");
        browser.pointAt("tbody tr:first-child");
        awaitTrue("pointed");
        // A crowd that comes and goes, as the page sees it.
        Object rows =
                browser.script(
                        """
                        let most = 0;
                        for (let i = 0; i < 1000; i++) {
                          const news = structuredClone(reading);
                          news.buses[0].worst = [{ ...reading.buses[0].worst[0], id: 1000 + i }];
                          told("reading", news);
                          most = Math.max(most, document.querySelectorAll("tbody tr").length);
                        }
                        return most;
                        """);
        assertThat(((Number) rows).intValue()).isBetween(10, 60);
        browser.script("movedAt = performance.now() - 31000; render()");
        awaitOrder("[there]");
        assertThat(browser.text("#order")).isEmpty();
    }

    @Test
    void whatIsKnownOfABusThatIsShownNoMoreIsForgotten() throws Exception {
        Bus<String> other = open(named("other"));
        Console console = page(bus, other);
        awaitTrue("history.size == 2");
        console.remove(other);
        awaitTrue("history.size == 1");
    }

    @Test
    void aPageThatConnectsTwiceHasOneStream() throws Exception {
        Console console = page(bus);
        browser.script("connect()");
        awaitTrue("connection == 2");
        await().untilAsserted(
                        () ->
                                assertThat(console.toString())
                                        .isEqualTo("Console[buses=1, pages=1]"));
        browser.awaitText("#state", "live");
    }

    @Test
    void aConnectionThatBringsNoReadingIsNotCalledLive() throws Exception {
        page(bus);
        assertThat(
                        browser.script(
                                "lastReading = -1e9; showIfNoReadings();"
                                        + " return document.querySelector('#state').textContent"))
                .asString()
                .startsWith("connected, but no reading since");
        browser.awaitText("#state", "live");
    }

    private static void awaitTrue(String expression) {
        await().untilAsserted(
                        () ->
                                assertThat(browser.script("return " + expression))
                                        .as("%s", expression)
                                        .isEqualTo(true));
    }

    private static void awaitOrder(String order) {
        await().untilAsserted(() -> assertThat(browser.receivers().toString()).isEqualTo(order));
    }

    /** The name of the element that has the focus. */
    private static String focused() {
        return String.valueOf(
                browser.script("return document.activeElement.getAttribute('aria-label')"));
    }

    @Test
    void withFiftyBusesAndTenThousandReceiversThePageStaysUsable() throws Exception {
        List<Bus<?>> buses = new ArrayList<>();
        List<Receiver<?>> receivers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Bus<String> each = open(named("bus-" + i));
            for (int k = 0; k < 200; k++) {
                int number = k;
                receivers.add(each.subscribe(o -> o.name("client-" + number)));
            }
            each.publish("payload");
            buses.add(each);
        }
        page(buses.toArray(new Bus<?>[0]));
        assertThat(browser.elements("#buses li")).hasSize(50);
        // The fastest of some: what else the machine does can only add to a time.
        Duration fastest = Browser.PATIENCE;
        for (int i = 49; i > 0; i -= 8) {
            long began = System.nanoTime();
            browser.click("#buses li:nth-child(" + (i + 1) + ") button");
            assertThat(browser.text("#bus-title")).isEqualTo("bus-" + i);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        assertThat(fastest).isLessThan(Duration.ofSeconds(1));
        assertThat(browser.receivers()).hasSize(100);
        browser.awaitText("#rest", "And 100 more");
        String before = browser.text("#state");
        await().atMost(Browser.PATIENCE).until(() -> !browser.text("#state").equals(before));
        assertThat(browser.text("#state")).contains("live");
        receivers.forEach(Receiver::close);
    }

    @Test
    void theKeyboardAloneChoosesABusReadsTheRunbookAndEvicts() throws Exception {
        Bus<String> prices = open(named("prices"));
        Receiver<String> stuck = receiver("stuck");
        page(prices, bus);
        browser.tabTo("#buses li:nth-child(2) button");
        browser.keys(Keys.ENTER);
        browser.awaitText("#bus-title", "orders");
        publish(3 * CAPACITY);
        await().atMost(Browser.PATIENCE).until(() -> !browser.elements(".warning").isEmpty());
        browser.tabTo(".warning button");
        browser.keys(Keys.ENTER);
        browser.awaitText("#book-text", "no thread");
        browser.keys(Keys.ESCAPE);
        assertThat(browser.element("#book").isDisplayed()).isFalse();
        browser.script("document.activeElement.blur()");
        browser.tabTo("tbody button");
        browser.keys(Keys.ENTER);
        browser.awaitText("#confirm", "Evict stuck?");
        browser.tabTo("#confirm-yes");
        browser.keys(Keys.ENTER);
        assertThat(await().until(stuck::recv, Closed.class::isInstance))
                .isEqualTo(new Closed<>(Reason.EVICTED));
    }

    @Test
    void axeFindsNothingSeriousInLightAndDarkWideAndNarrow() throws Exception {
        Receiver<String> stuck = receiver("stuck");
        reading("fast");
        Bus<String> closed = open(named("closed"));
        closed.close();
        Panel panel =
                new Panel("Controls", "")
                        .slider("Load", 3, () -> 1, at -> {}, at -> at + "/s")
                        .button(() -> "Reset", () -> {});
        panel.note("something");
        Console console = open(Console.builder().buses(bus, closed).panel(panel).serve(0));
        browser.open(console.uri());
        publish(3 * CAPACITY);
        var unused = stuck.tryRecv();
        await().atMost(Browser.PATIENCE).until(() -> !browser.elements(".warning").isEmpty());
        publish(3 * CAPACITY);
        for (String colours : List.of("light", "dark")) {
            browser.assertUsable(colours);
            browser.click("tbody tr:first-child button");
            assertThat(browser.offences()).as(colours + ", evict").isEmpty();
            browser.click("#confirm-no");
        }
    }

    @Test
    void aConsoleWithATokenAsksForItAndTakesNoOther() throws Exception {
        String token = "a-token-of-the-operators";
        Console console = open(Console.builder().buses(bus).token(token).serve(0));
        browser.open(console.uri());
        browser.awaitText("#login", "asks for its token");
        assertThat(browser.offences()).isEmpty();
        browser.element("#token").sendKeys("not-the-token-of-it", Keys.ENTER);
        browser.awaitText("#wrong", "That is not the token");
        browser.element("#token").sendKeys(token, Keys.ENTER);
        browser.awaitText("#state", "live");
        assertThat(browser.text("#bus-title")).isEqualTo("orders");
        assertThat(browser.element("#login").isDisplayed()).isFalse();
        browser.open(console.uri());
        browser.awaitText("#state", "live");
        assertThat(browser.errors())
                .allSatisfy(error -> assertThat(error).contains("401 (Unauthorized)"));
    }
}
