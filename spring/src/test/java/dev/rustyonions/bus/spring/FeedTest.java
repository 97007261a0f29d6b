package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.sse.SseFeed;
import dev.rustyonions.bus.sse.SseStream;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A controller's method that returns a feed, on a real Tomcat with real clients. */
@Timeout(120)
class FeedTest {
    private static final Duration NEVER = Duration.ofHours(1);

    /** On a busy machine too, and much less than the server waits for requests. */
    private static final Duration SOON = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientIsGivenTheHeadersAtOnceAndEachEventWithTheSequence(boolean virtual)
            throws IOException {
        try (Service service =
                        new Service(NEVER, NEVER, "--spring.threads.virtual.enabled=" + virtual);
                SseClient client = service.client()) {
            assertThat(client.until("HTTP/1.1")).startsWith("HTTP/1.1 200");
            client.until("retry: ");
            service.bus.publish("a");
            service.bus.publish("b");
            assertThat(client.until("data: ")).isEqualTo("data: a");
            assertThat(client.until("data: ")).isEqualTo("data: b");
        }
    }

    @Test
    void theHeadersSayThatNobodyMayKeepOrCollectTheStream() throws IOException {
        try (Service service = new Service(NEVER, NEVER)) {
            for (String header :
                    List.of(
                            "Cache-Control: no-store",
                            "X-Accel-Buffering: no",
                            "Content-Type: text/event-stream")) {
                try (SseClient client = service.client()) {
                    assertThat(client.until(header)).isNotNull();
                }
            }
        }
    }

    @Test
    void aHeadRequestIsAnsweredByTheHeadersAndSubscribesNobody() throws IOException {
        try (Service service = new Service(NEVER, NEVER);
                SseClient client =
                        new SseClient(service.port, "HEAD", "/events", "Connection: close")) {
            assertThat(client.until("Content-Type: text/event-stream")).isNotNull();
            client.untilCutOff();
            assertThat(service.bus.stats().receivers()).isZero();
        }
    }

    @Test
    void aClientThatComesBackIsGivenWhatCameAfterTheLastIdentifierItGot() throws IOException {
        try (Service service = new Service(NEVER, NEVER)) {
            String last;
            try (SseClient client = service.client()) {
                client.until("id: "); // of the opening
                service.bus.publish("a");
                last = client.until("id: ");
            }
            service.bus.publish("b");
            try (SseClient client =
                    new SseClient(
                            service.port,
                            "GET",
                            "/events",
                            "Last-Event-ID: " + last.substring(4))) {
                assertThat(client.until("data: ")).isEqualTo("data: b");
            }
        }
    }

    @Test
    void aControllerMayReturnAStreamWithOptionsOfItsOwn() throws IOException {
        try (Service service = new Service(NEVER, NEVER);
                SseClient client = new SseClient(service.port, "GET", "/events/long")) {
            client.until("retry: ");
            service.bus.publish("a");
            service.bus.publish("long enough");
            assertThat(client.until("data: ")).isEqualTo("data: long enough");
        }
    }

    @Test
    void aControllerThatReturnsNoFeedIsNamedInTheFailure() throws IOException {
        try (Service service = new Service(NEVER, NEVER);
                SseClient client = new SseClient(service.port, "GET", "/events/none")) {
            assertThat(client.until("HTTP/1.1")).startsWith("HTTP/1.1 500");
        }
    }

    @Test
    void aResponseThatAFilterKeepsToItselfIsEndedAndNotForgotten() throws IOException {
        try (Service service = new Service(NEVER, NEVER);
                SseClient client = new SseClient(service.port, "GET", "/events/kept")) {
            client.untilCutOff();
            assertThat(service.bus.stats().receivers()).isZero();
            assertThat(service.closing()).isLessThan(SOON);
        }
    }

    @Test
    void aClientOfHttp2IsServedToo() throws Exception {
        try (Service service = new Service(NEVER, NEVER, "--server.http2.enabled=true");
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<Stream<String>> response =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://localhost:" + service.port + "/events"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            service.awaitReceivers(1);
            service.bus.publish("a");
            service.bus.publish("b");
            service.bus.close();
            assertThat(response.body().filter(line -> line.startsWith("data: ")))
                    .containsExactly("data: a", "data: b");
        }
    }

    @Test
    void clientsKeepNoThreadOfTheServer() throws IOException {
        List<SseClient> clients = new ArrayList<>();
        try (Service service = new Service(NEVER, NEVER, "--server.tomcat.threads.max=2")) {
            for (int i = 0; i < 20; i++) {
                clients.add(service.client());
            }
            for (SseClient client : clients) {
                client.until("retry: ");
            }
            service.bus.publish("to all of them");
            for (SseClient client : clients) {
                assertThat(client.until("data: ")).isEqualTo("data: to all of them");
            }
        }
        for (SseClient client : clients) {
            client.untilComplete();
            client.close();
        }
    }

    @Test
    void clientsThatHaveLeftAreNoticedByTheirHeartbeat() throws IOException {
        try (Service service = new Service(Duration.ofMillis(50), NEVER)) {
            try (SseClient closed = service.client();
                    SseClient reset = service.client()) {
                closed.until("retry: ");
                reset.until("retry: ");
                assertThat(service.bus.stats().receivers()).isEqualTo(2);
                reset.reset();
            }
            service.awaitReceivers(0);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOffWhenItsWriteTakesTooLong() throws IOException {
        try (Service service = new Service(NEVER, Duration.ofSeconds(1));
                SseClient client = service.client()) {
            client.until("retry: ");
            service.bus.publish("x".repeat(16 << 20)); // more than all buffers on the way hold
            service.awaitReceivers(0);
            client.untilCutOff();
        }
    }

    @Test
    void theEndOfTheApplicationIsTheEndOfEveryStreamAndWaitsForNoTimeout() throws IOException {
        Service service = new Service(NEVER, NEVER);
        try (SseClient client = service.client()) {
            client.until("retry: ");
            service.bus.publish("last");
            assertThat(service.closing()).isLessThan(SOON);
            assertThat(client.until("data: ")).isEqualTo("data: last");
            client.untilComplete();
        }
    }

    @Test
    void aClientThatDoesNotReadDoesNotHoldTheEndOfTheApplicationUp() throws IOException {
        Service service = new Service(NEVER, NEVER);
        try (SseClient client = service.client()) {
            client.until("retry: ");
            service.bus.publish("x".repeat(16 << 20));
            service.bus.publish("and one more");
            assertThat(service.closing()).isLessThan(SOON);
            client.untilCutOff();
        }
    }

    /** A service on a port of its own. */
    private static final class Service implements AutoCloseable {
        private final ConfigurableApplicationContext context;
        private final Bus<String> bus;
        private final int port;

        @SuppressWarnings("unchecked")
        Service(Duration heartbeat, Duration writeTimeout, String... arguments) {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add("--server.port=0");
            all.add("--heartbeat=" + heartbeat);
            all.add("--write-timeout=" + writeTimeout);
            context = SpringApplication.run(Application.class, all.toArray(String[]::new));
            bus = context.getBean(Bus.class);
            port = context.getEnvironment().getRequiredProperty("local.server.port", int.class);
        }

        SseClient client() throws IOException {
            return new SseClient(port);
        }

        void awaitReceivers(int count) {
            await().atMost(SseClient.PATIENCE).until(() -> bus.stats().receivers() == count);
        }

        /** Closes, and says how long that took. */
        Duration closing() {
            long began = System.nanoTime();
            context.close();
            return Duration.ofNanos(System.nanoTime() - began);
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Controller.class, Keeping.class})
    static class Application {
        @Bean
        SseFeed<String> feed(Bus<String> bus, Environment environment) {
            return SseFeed.builder(bus, (String text) -> text)
                    .heartbeat(environment.getRequiredProperty("heartbeat", Duration.class))
                    .writeTimeout(environment.getRequiredProperty("write-timeout", Duration.class))
                    .build();
        }
    }

    /** Has a stream of its own, which cannot be written without blocking. */
    @Component
    static class Keeping extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            boolean keeps = request.getRequestURI().endsWith("/kept");
            chain.doFilter(
                    request,
                    keeps
                            ? new HttpServletResponseWrapper(response) {
                                @Override
                                public ServletOutputStream getOutputStream() {
                                    return new Kept();
                                }
                            }
                            : response);
        }
    }

    /** What a filter keeps. */
    private static final class Kept extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("planted");
        }

        @Override
        public void write(int b) {}
    }

    @RestController
    static class Controller {
        private final SseFeed<?> feed;

        Controller(SseFeed<?> feed) {
            this.feed = feed;
        }

        @GetMapping({"/events", "/events/kept"})
        SseFeed<?> events() {
            return feed;
        }

        @GetMapping("/events/long")
        SseStream<?> longOnes() {
            return feed.stream(o -> o.filter(event -> event.toString().length() > 1));
        }

        @GetMapping("/events/none")
        @Nullable SseFeed<?> none() {
            return null;
        }
    }
}
