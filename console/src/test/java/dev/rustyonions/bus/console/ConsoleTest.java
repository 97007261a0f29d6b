package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** What a console tells its pages, and what of it is left when it is closed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // no interrupt ends a read
class ConsoleTest {
    private final Bus<String> bus = named("orders");
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(bus));

    private static Bus<String> named(String name) {
        return Bus.builder().name(name).capacity(16).overflowWarnPerMinute(0).build();
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** Opens a page, as far as the console sees. */
    private Http page(Console console) {
        Http page = open(new Http(console));
        page.send(
                "GET /readings HTTP/1.0\r\nHost: localhost\r\n"
                        + Http.tokenOf(console)
                        + "\r\n\r\n");
        return page;
    }

    /** Reads until there is a reading with that in it, and at most ten of them. */
    private static String readingWith(Http page, String wanted) {
        String reading = "";
        for (int i = 0; i < 10; i++) {
            reading = page.event("reading");
            if (reading.contains(wanted)) {
                return reading;
            }
        }
        throw new AssertionError("no " + wanted + " in " + reading);
    }

    @Test
    void aReadingSaysWhatTheTotalsAndTheAccountsSayAndNothingOfThePayload() throws Exception {
        Receiver<String> audit = bus.subscribe(o -> o.name("<script>").lossless());
        for (int i = 0; i < 20; i++) {
            bus.publish("payload");
        }
        Http page = page(open(Console.serve(0, bus)));
        String reading = page.event("reading");
        assertThat(reading)
                .contains("\"id\":\"" + bus.id() + "\",\"name\":\"orders\",\"mode\":\"classic\"")
                .contains("\"capacity\":16,\"closed\":false,\"published\":20,\"missed\":4,")
                .contains("\"receivers\":1,\"depth\":16,\"waits\":0,\"waiting\":0,")
                .contains("{\"id\":" + audit.id() + ",\"name\":\"<script>\",\"delivered\":0,")
                .contains("\"missed\":4,\"depth\":16,\"lossless\":true,\"parked\":false,")
                .doesNotContain("payload");
    }

    private void publish(int events) {
        bus.publishMany(Collections.nCopies(events, "payload"));
    }

    @Test
    void aLagIsToldAtOnceAndNotWithTheNextReading() throws Exception {
        Receiver<String> audit = bus.subscribe(o -> o.name("audit"));
        Console console = open(Console.builder().buses(bus).interval(Duration.ofHours(1)).serve(0));
        Http page = page(console);
        page.event("reading");
        long began = System.nanoTime();
        for (int lag = 0; lag < 3; lag++) {
            publish(20);
            assertThat(audit.tryRecv()).isEqualTo(new Lagged<>(20 * lag, 4));
            audit.drain(16, received -> {});
            assertThat(page.event("lags"))
                    .contains("\"name\":\"orders\"")
                    .contains("\"receiver\":\"audit\",\"times\":1,\"from\":")
                    .doesNotContain("payload");
        }
        // The console looks after its clients once a second, and must not have waited for that.
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isLessThan(Duration.ofMillis(1_500));
    }

    @Test
    void aPageThatIsNewGetsAReadingAtOnceThoughLagsHavePushedTheLastOneOut() throws Exception {
        Panel panel = new Panel("Notes", "");
        Console console =
                open(
                        Console.builder()
                                .buses(bus)
                                .panel(panel)
                                .interval(Duration.ofHours(1))
                                .serve(0));
        Http first = page(console);
        first.event("reading");
        for (int line = 0; line < 64; line++) {
            panel.note("a line");
            first.event("notes");
        }
        assertThat(page(console).event("reading")).contains("\"name\":\"orders\"");
    }

    @Test
    void aPageThatComesBackIsNotToldAgainWhatItHasBeenTold() throws Exception {
        Panel panel = new Panel("Notes", "");
        Console console = open(Console.builder().buses(bus).panel(panel).serve(0));
        Http first = page(console);
        panel.note("first");
        String line = first.line();
        for (int i = 0; i < 100 && !line.equals("event: notes"); i++) {
            line = first.line();
        }
        String id = first.line();
        assertThat(id).startsWith("id: ");
        assertThat(first.line()).contains("first");
        Http again = open(new Http(console));
        again.send(
                "GET /readings HTTP/1.0\r\nHost: localhost\r\nLast-Event-ID: "
                        + id.substring("id: ".length())
                        + "\r\n"
                        + Http.tokenOf(console)
                        + "\r\n\r\n");
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 100 && !told.contains("event: reading"); i++) {
            told.add(again.line());
        }
        assertThat(told).contains("event: reading").doesNotContain("event: notes");
    }

    @Test
    void aConsoleWhosePortIsTakenLetsGoOfItsBuses() throws Exception {
        Console holder = open(Console.serve(0));
        WeakReference<Bus<String>> shown = refused(holder.uri().getPort());
        await().until(
                        () -> {
                            System.gc();
                            return shown.refersTo(null);
                        });
    }

    /** In a method of its own, so that no local variable keeps the bus. */
    private static WeakReference<Bus<String>> refused(int port) {
        try (Bus<String> shown = named("shown")) {
            assertThatThrownBy(() -> Console.serve(port, shown)).isInstanceOf(IOException.class);
            return new WeakReference<>(shown);
        }
    }

    @Test
    void theLagsOfManyBusesAreToldTogether() throws Exception {
        Console console = open(Console.builder().interval(Duration.ofHours(1)).serve(0));
        Http page = page(console);
        page.event("reading");
        List<Receiver<String>> lagging = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Bus<String> each = open(named("bus-" + i));
            console.add(each);
            lagging.add(each.subscribe());
            each.publishMany(Collections.nCopies(20, "payload"));
        }
        lagging.forEach(receiver -> receiver.tryRecv());
        int told = 0;
        int events = 0;
        for (; told < 100; events++) {
            told += (int) Pattern.compile("\"bus\":").matcher(page.event("lags")).results().count();
        }
        assertThat(told).isEqualTo(100);
        assertThat(events).isLessThan(10);
        lagging.forEach(Receiver::close);
    }

    @Test
    void anyNumberOfLagsBetweenTwoLooksTakesBoundedMemoryAndNoneIsForgotten() {
        LagBook book = new LagBook();
        for (int i = 0; i < 5_000; i++) {
            book.add("receiver-" + i % 3, i, 2);
        }
        List<LagBook.Lags> taken = book.take();
        assertThat(taken).hasSize(4);
        assertThat(taken.stream().mapToLong(LagBook.Lags::times).sum()).isEqualTo(5_000);
        assertThat(taken.stream().mapToLong(LagBook.Lags::missed).sum()).isEqualTo(10_000);
        assertThat(book.take()).isEmpty();
    }

    @Test
    void theWorstHundredReceiversOfABusAreShownAndTheRestIsSummedUp() throws Exception {
        Receiver<String> first = bus.subscribe();
        bus.publish("1");
        List<Receiver<String>> others = new ArrayList<>(List.of(first));
        for (int i = 0; i < 1_000; i++) {
            others.add(bus.subscribe());
        }
        Http page = page(open(Console.serve(0, bus)));
        String reading = page.event("reading");
        assertThat(reading).contains("\"worst\":[{\"id\":" + first.id() + ",");
        assertThat(reading.substring(reading.indexOf("\"rest\"")))
                .isEqualTo("\"rest\":{\"count\":901,\"delivered\":0,\"missed\":0,\"depth\":0}}]}");
        assertThat(Pattern.compile("\"lossless\":").matcher(reading).results()).hasSize(100);
        others.forEach(Receiver::close);
    }

    @Test
    void busesComeAndGoAndAClosedOneIsShownAsClosed() throws Exception {
        Console console = open(Console.serve(0, bus));
        Http page = page(console);
        Bus<String> prices = open(named("prices"));
        console.add(prices);
        console.add(prices);
        String both = readingWith(page, "\"name\":\"prices\"");
        assertThat(Pattern.compile("\"name\":\"prices\"").matcher(both).results()).hasSize(1);
        prices.close();
        readingWith(
                page, "\"name\":\"prices\",\"mode\":\"classic\",\"capacity\":16,\"closed\":true");
        assertThat(console.remove(prices)).isTrue();
        assertThat(console.remove(prices)).isFalse();
        assertThat(console.toString()).isEqualTo("Console[buses=1, pages=1]");
    }

    @Test
    void aPageThatIsOpenedLaterGetsTheReadingsBeforeIt() throws Exception {
        Console console = open(Console.serve(0, bus));
        Http page = page(console);
        for (int reading = 0; reading < 2; reading++) {
            readingWith(page, "\"due\":true");
        }
        String history = Http.get(console, "/history", Http.tokenOf(console)).body();
        assertThat(history).startsWith("{\"" + bus.id() + "\":[[0,0,0,0,-1,-1],[0,0,0,0,-1,-1]");
    }

    @Test
    void aReadingBetweenTwoOthersHasTheTotalsOfNowAndTheRatesOfTheLast() {
        Receiver<String> audit = bus.subscribe();
        try (Watched watched = new Watched(bus, Duration.ofSeconds(1), () -> {})) {
            Moment now = Moment.now();
            watched.read(now);
            bus.publishMany(Collections.nCopies(10, "payload"));
            assertThat(watched.read(later(now, 1_000)).rates().published()).isEqualTo(10);
            bus.publishMany(Collections.nCopies(5, "payload"));
            BusReading between = watched.refresh(later(now, 1_001));
            assertThat(between.rates().published()).isEqualTo(10);
            assertThat(between.stats().published()).isEqualTo(15);
            assertThat(between.worst().getFirst().stats().depth()).isEqualTo(15);
            assertThat(watched.history()).hasSize(2);
            assertThat(watched.read(later(now, 2_000)).rates().published()).isEqualTo(5);
        }
        audit.close();
    }

    private static Moment later(Moment moment, long millis) {
        return new Moment(moment.millis() + millis, moment.nanos() + millis * 1_000_000);
    }

    @Test
    void theEndOfTheConsoleEndsItsPagesAndItsThreadAndLeavesTheBusesAlone() throws Exception {
        Console console = Console.serve(0, bus);
        Http page = page(console);
        page.event("reading");
        console.close();
        console.close();
        for (String line = page.line(); !line.isEmpty(); ) {
            line = page.line();
        }
        await().until(() -> console.underWay() == 0);
        assertThat(bus.isClosed()).isFalse();
        assertThat(bus.publish("1")).isZero();
        assertThatThrownBy(() -> new Http(console))
                .hasCauseInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void theHandlerServesUnderAnyPathOfAServerThereIs() throws Exception {
        Console console = open(Console.builder().buses(bus).build());
        assertThatThrownBy(console::uri)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("build()");
        ExecutorService threads = open(Executors.newVirtualThreadPerTaskExecutor());
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        server.setExecutor(threads);
        server.createContext("/ops/buses", console.handler());
        server.start();
        opened.add(() -> server.stop(0));
        int port = server.getAddress().getPort();
        assertThat(answer(port, "/ops/buses").header("Location")).isEqualTo("/ops/buses/");
        assertThat(answer(port, "/ops/buses/").body()).contains("<title>ron-bus console</title>");
        assertThat(answer(port, "/ops/buses/readings").status()).isEqualTo(401);
        assertThat(answer(port, "/ops/buseswithmore").status()).isEqualTo(404);
    }

    private static Http.Answer answer(int port, String path) {
        try (Http http = new Http(port)) {
            http.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return http.answer();
        }
    }

    @Test
    void thePanelIsTheApplicationsOwn() throws Exception {
        int[] load = {1};
        Panel panel =
                new Panel("Demo", "")
                        .slider("Load", 3, () -> load[0], at -> load[0] = at, at -> at + "00/s")
                        .button(() -> "Reset", () -> load[0] = 0)
                        .button(
                                () -> "Fail",
                                () -> {
                                    throw new IllegalStateException();
                                });
        Console console = open(Console.builder().buses(bus).panel(panel).serve(0));
        String token = Http.tokenOf(console);
        Http page = page(console);
        assertThat(page.event("reading"))
                .contains(
                        "\"panel\":{\"title\":\"Demo\",\"text\":\"\",\"controls\":["
                                + "{\"kind\":\"slider\"")
                .contains(
                        "\"most\":3,\"at\":1,\"texts\":[\"000/s\",\"100/s\","
                                + "\"200/s\",\"300/s\"]");
        assertThat(Http.post(console, "/panel", "control=0&value=3", token).status())
                .isEqualTo(200);
        assertThat(load[0]).isEqualTo(3);
        assertThat(Http.post(console, "/panel", "control=0&value=4", token).status())
                .isEqualTo(400);
        assertThat(Http.post(console, "/panel", "control=3&value=0", token).status())
                .isEqualTo(400);
        assertThat(Http.post(console, "/panel", "control=1&value=0").status()).isEqualTo(401);
        assertThat(load[0]).isEqualTo(3);
        assertThat(Http.post(console, "/panel", "control=2&value=0", token).status())
                .isEqualTo(200);
        readingWith(page, "\"at\":3,\"texts\"");
        panel.note("something\nhas \"happened\"");
        assertThat(page.event("notes")).contains("[\"something\\u000ahas \\\"happened\\\"\"]");
    }

    @Test
    void theServiceOfTheGuideShowsItsBuses() throws Exception {
        ShopWithConsole shop = open(new ShopWithConsole(0));
        assertThat(page(shop.console()).event("reading"))
                .contains("\"name\":\"orders\"")
                .contains("\"name\":\"prices\"");
    }

    @Test
    void theConsolesOfTheGuideThatOthersReachAskForTheToken() throws Exception {
        String token = "a-token-of-the-operators";
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Console listening =
                open(OpenConsole.listening(new InetSocketAddress(loopback, 0), token, bus));
        assertThat(Http.get(listening, "/history").status()).isEqualTo(401);
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        Console mounted = open(OpenConsole.mounted(server, token, bus));
        server.start();
        opened.add(() -> server.stop(0));
        int port = server.getAddress().getPort();
        assertThat(answer(port, "/ops/buses/history").status()).isEqualTo(401);
        assertThat(mounted.toString()).isEqualTo("Console[buses=1, pages=0]");
    }

    @Test
    void aConsoleThatCannotBeMadeLeavesItsPortFree() throws Exception {
        int port;
        try (Console free = Console.serve(0)) {
            port = free.uri().getPort();
        }
        System.setProperty("ron.mode", "fast");
        try {
            assertThatThrownBy(() -> Console.serve(port))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ron.mode");
        } finally {
            System.clearProperty("ron.mode");
        }
        assertThat(open(Console.serve(port)).uri().getPort()).isEqualTo(port);
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithTheRange() {
        assertThatThrownBy(() -> Console.serve(65_536))
                .hasMessage("serve(65536): allowed are ports from 0 to 65535");
        assertThatThrownBy(() -> Console.builder().interval(Duration.ofMillis(99)))
                .hasMessage("interval(PT0.099S): allowed are 100 milliseconds to 1 hour");
        assertThatThrownBy(() -> new Panel("x", "").slider("y", 0, () -> 0, a -> {}, a -> ""))
                .hasMessage("slider(y, 0): allowed are 1 to 1000");
    }
}
