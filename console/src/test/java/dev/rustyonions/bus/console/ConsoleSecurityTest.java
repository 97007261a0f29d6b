package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who is refused, and what a client that does not behave may cost. */
@Timeout(120)
class ConsoleSecurityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "a-token-of-the-operators";

    private final Bus<String> bus = Bus.builder().name("orders").capacity(16).build();
    private final Receiver<String> audit = bus.subscribe(o -> o.name("audit"));
    private Console console;

    @BeforeEach
    void serve() throws IOException {
        console = Console.builder().buses(bus).requestLimit(Duration.ofMillis(500)).serve(0);
    }

    @AfterEach
    void close() {
        console.close();
        bus.close();
    }

    private Http.Answer evict(String... headers) {
        return Http.post(console, "/evict", Http.evictBody(bus.id(), audit.id()), headers);
    }

    private String host(String host) {
        return "Host: " + host + ":" + console.uri().getPort();
    }

    @Test
    void aRequestByANameThatIsNotOfThisMachineIsRefusedWhateverItAsksFor() {
        String token = Http.tokenOf(console);
        for (String host : List.of("evil.example", "localhost.evil.example", "10.0.0.1", "")) {
            for (String path : List.of("/", "/readings", "/history", "/runbook", "/nothing")) {
                assertThat(Http.get(console, path, host(host), token).status())
                        .as(host + path)
                        .isEqualTo(403);
            }
            assertThat(evict(host(host), token).status()).isEqualTo(403);
        }
        for (String host : List.of("localhost", "127.0.0.1", "[::1]", "LOCALHOST")) {
            assertThat(Http.get(console, "/", host(host)).status()).as(host).isEqualTo(200);
        }
        assertThat(bus.stats().receivers()).isEqualTo(1);
    }

    @Test
    void withoutATokenOfItsOwnAConsoleRefusesWhatCameThroughAProxy() {
        for (String header : List.of("X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1")) {
            Http.Answer answer = Http.get(console, "/", header);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("token");
        }
    }

    @Test
    void nobodyReadsOrEvictsWithoutTheToken() {
        for (String path : List.of("/readings", "/history")) {
            assertThat(Http.get(console, path).status()).as(path).isEqualTo(401);
            assertThat(Http.get(console, path, "Authorization: Bearer x").status()).isEqualTo(401);
        }
        assertThat(evict().status()).isEqualTo(401);
        assertThat(evict("Authorization: Bearer x").status()).isEqualTo(401);
        assertThat(bus.stats().receivers()).isEqualTo(1);
    }

    @Test
    void aPageOfAnotherSiteMayNotEvictEvenWithTheToken() {
        String token = Http.tokenOf(console);
        int port = console.uri().getPort();
        for (String origin :
                List.of(
                        "http://evil.example",
                        "null",
                        "http://localhost:" + (port - 1),
                        "http://localhost",
                        "http://localhost:" + port + ".evil.example",
                        "\"")) {
            assertThat(evict(token, "Origin: " + origin).status()).as(origin).isEqualTo(403);
        }
        assertThat(evict(token, "Sec-Fetch-Site: cross-site").status()).isEqualTo(403);
        assertThat(evict(token, "Sec-Fetch-Site: same-site").status()).isEqualTo(403);
        assertThat(bus.stats().receivers()).isEqualTo(1);

        assertThat(evict(token, "Origin: http://localhost:" + port).status()).isEqualTo(200);
        assertThat(bus.stats().receivers()).isZero();
    }

    @Test
    void noAnswerAllowsAnotherSiteToReadItOrToFrameIt() {
        for (String path : List.of("/", "/readings", "/nothing")) {
            Http.Answer answer = Http.get(console, path, "Origin: http://evil.example");
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'")
                    .contains("frame-ancestors 'none'")
                    .contains("script-src 'sha256-")
                    .contains("style-src 'sha256-")
                    .doesNotContain("unsafe");
        }
    }

    @Test
    void evictionIsAPostAndReadingIsAGet() {
        String token = Http.tokenOf(console);
        Http.Answer get = Http.get(console, "/evict", token);
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.header("Allow")).isEqualTo("POST");
        assertThat(Http.post(console, "/readings", "x", token).status()).isEqualTo(405);
        assertThat(Http.post(console, "/", "x", token).status()).isEqualTo(405);
    }

    @Test
    void noPathLeadsToAFile() {
        for (String path :
                List.of(
                        "/RUNBOOK.md",
                        "/console.html",
                        "/Console.class",
                        "/../module-info.class",
                        "/../../../../../../etc/passwd",
                        "/%2e%2e/%2e%2e/etc/passwd",
                        "/..%2f..%2fetc/passwd",
                        "/readings/../../etc/passwd",
                        "//etc/passwd",
                        "/./",
                        "/evict/")) {
            Http.Answer answer = Http.get(console, path, Http.tokenOf(console));
            assertThat(answer.status()).as(path).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("root:");
        }
    }

    @Test
    void nothingThatIsSentComesBackInAHeader() {
        Http.Answer answer = Http.get(console, "/x%0d%0aX-Planted:%20yes?%0d%0aX-Planted:%20yes");
        assertThat(answer.headers()).noneMatch(header -> header.contains("Planted"));
        assertThat(answer.body()).doesNotContain("Planted");
    }

    @Test
    void aFormThatIsNotOneIsRefused() {
        String token = Http.tokenOf(console);
        for (String body :
                List.of(
                        "",
                        "bus=" + bus.id(),
                        "bus=" + bus.id() + "&receiver=-1",
                        "bus=" + bus.id() + "&receiver=99999999999999999999",
                        "bus=x&receiver=0")) {
            assertThat(Http.post(console, "/evict", body, token).status()).as(body).isEqualTo(400);
        }
        String gone = Http.evictBody(bus.id(), 4_711);
        assertThat(Http.post(console, "/evict", gone, token).status()).isEqualTo(404);
        assertThat(Http.post(console, "/panel", "control=0&value=0", token).status())
                .isEqualTo(400);
        assertThat(bus.stats().receivers()).isEqualTo(1);
    }

    @Test
    void aBodyThatIsTooLargeIsNotReadToItsEnd() {
        String token = Http.tokenOf(console);
        try (Http http = new Http(console)) {
            http.send(
                    "POST /evict HTTP/1.1\r\n"
                            + host("localhost")
                            + "\r\n"
                            + token
                            + "\r\nContent-Length: 1000000000\r\n\r\n"
                            + "x".repeat(Site.LONGEST_BODY + 1));
            assertThat(http.answer().status()).isEqualTo(413);
            assertThat(http.line()).isEmpty();
        }
        await().atMost(PATIENCE).until(() -> console.underWay() == 0);
    }

    @Test
    void aThousandClientsThatFinishNoRequestAreCutOffAndOthersAreServedMeanwhile() {
        List<Http> slow = new ArrayList<>();
        try {
            String token = Http.tokenOf(console);
            for (int i = 0; i < 1_000; i++) {
                Http http = new Http(console);
                slow.add(http);
                switch (i % 4) {
                    case 0 -> http.send("GET / HTTP/1.1\r\nHo");
                    case 1 ->
                            http.send(
                                    "POST /evict HTTP/1.1\r\n"
                                            + host("localhost")
                                            + "\r\n"
                                            + token
                                            + "\r\nContent-Length: 100\r\n\r\nbus=");
                    case 2 ->
                            http.send(
                                    "GET / HTTP/1.1\r\n"
                                            + host("localhost")
                                            + "\r\nContent-Length: 100\r\n\r\n");
                    default -> {} // says nothing at all
                }
                if (i == 300) {
                    assertThat(Http.get(console, "/").status()).isEqualTo(200);
                }
            }
            await().atMost(PATIENCE).until(() -> console.underWay() == 0);
            assertThat(Http.get(console, "/").status()).isEqualTo(200);
            // Those that have begun a request are told of the end, or have been.
            for (int i = 0; i < slow.size(); i += 4) {
                assertThat(slow.get(i).answer().status()).isZero();
            }
            assertThat(bus.stats().receivers()).isEqualTo(1);
        } finally {
            slow.forEach(Http::close);
        }
    }

    @Test
    void whenThereAreTooManyRequestsTheOldestGivesWayAndOthersAreServed() throws Exception {
        List<Http> slow = new ArrayList<>();
        try (Console patient =
                Console.builder().buses(bus).requestLimit(Duration.ofHours(1)).serve(0)) {
            for (int i = 0; i < Exchanges.MOST + 100; i++) {
                Http http = new Http(patient);
                slow.add(http);
                http.send("GET / HTTP/1.1\r\nHo");
            }
            assertThat(Http.get(patient, "/").status()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> patient.underWay() <= Exchanges.MOST);
            assertThat(slow.getFirst().answer().status()).isZero();
        } finally {
            slow.forEach(Http::close);
        }
    }

    @Test
    void aPageThatIsOpenIsNotCutOff() {
        try (Http page = new Http(console)) {
            page.send(
                    "GET /readings HTTP/1.0\r\n"
                            + host("localhost")
                            + "\r\n"
                            + Http.tokenOf(console)
                            + "\r\n\r\n");
            // The limit of a request is half a second here.
            for (int i = 0; i < 4; i++) {
                assertThat(page.event("reading")).contains("\"name\":\"orders\"");
            }
        }
        await().atMost(PATIENCE).until(() -> console.underWay() == 0);
    }

    @Test
    void pagesBeyondTheMostAreRefusedAndAnEndedOneMakesRoom() {
        String request =
                "GET /readings HTTP/1.0\r\n"
                        + host("localhost")
                        + "\r\n"
                        + Http.tokenOf(console)
                        + "\r\n\r\n";
        List<Http> pages = new ArrayList<>();
        try {
            for (int i = 0; i < Site.MOST_PAGES; i++) {
                Http page = new Http(console);
                pages.add(page);
                page.send(request);
                assertThat(page.line()).contains("200");
            }
            try (Http more = new Http(console)) {
                more.send(request);
                assertThat(more.answer().status()).isEqualTo(503);
            }
            pages.removeFirst().close();
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                try (Http more = new Http(console)) {
                                    more.send(request);
                                    return more.line().contains("200");
                                }
                            });
        } finally {
            pages.forEach(Http::close);
        }
    }

    @Test
    void anAddressThatOthersReachNeedsATokenAndThenEverybodyDoes() throws Exception {
        InetAddress everywhere = new InetSocketAddress(0).getAddress();
        assertThatThrownBy(() -> Console.builder().address(everywhere).serve(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(everywhere.getHostAddress())
                .hasMessageContaining("token(...)");
        try (Console open =
                Console.builder().buses(bus).address(everywhere).token(TOKEN).serve(0)) {
            Http.Answer page = Http.get(open, "/", "Host: console.example.org");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).doesNotContain(TOKEN).contains("token\" content=\"\"");
            assertThat(Http.get(open, "/history").status()).isEqualTo(401);
            String token = "Authorization: Bearer " + TOKEN;
            assertThat(Http.get(open, "/history", token).status()).isEqualTo(200);
            String evict = Http.evictBody(bus.id(), audit.id());
            String host = "Host: console.example.org";
            String own = "Origin: https://console.example.org";
            String other = "Origin: https://evil.example";
            assertThat(Http.post(open, "/evict", evict, token, host, other).status())
                    .isEqualTo(403);
            assertThat(Http.post(open, "/evict", evict, token, host, own).status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenThatIsShortOrCannotStandInAHeaderIsRefused() {
        assertThatThrownBy(() -> Console.builder().token("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 characters")
                .hasMessageContaining("16")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> Console.builder().token("with spaces in the middle"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
