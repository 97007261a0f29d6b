package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;

/**
 * Why a feed is not written in the thread of its request: nothing that a feed can do ends a write
 * that is blocked in Tomcat. If this fails, Tomcat has changed, and FeedResponse might be simpler.
 */
@Timeout(120)
class BlockingWriteTest {
    @Test
    void anInterruptDoesNotEndAWriteThatIsBlockedInTomcatAndItsOwnTimeoutDoes() throws Exception {
        try (ConfigurableApplicationContext context =
                        SpringApplication.run(
                                Application.class,
                                "--server.port=0",
                                "--spring.threads.virtual.enabled=true",
                                "--server.tomcat.connection-timeout=2s");
                SseClient client =
                        new SseClient(
                                context.getEnvironment()
                                        .getRequiredProperty("local.server.port", int.class))) {
            assertThat(client.until("HTTP/1.1")).startsWith("HTTP/1.1 200");
            Controller controller = context.getBean(Controller.class);
            Thread writer = controller.writer.get();
            await().atMost(SseClient.PATIENCE)
                    .until(() -> writer.getState() == Thread.State.TIMED_WAITING);
            writer.interrupt();
            assertThat(controller.ended.get())
                    .hasRootCauseInstanceOf(SocketTimeoutException.class)
                    .as("the interrupt has been swallowed")
                    .hasNoSuppressedExceptions();
            assertThat(controller.interrupted).isFalse();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {}

    @RestController
    static class Controller {
        private final CompletableFuture<Thread> writer = new CompletableFuture<>();
        private final CompletableFuture<IOException> ended = new CompletableFuture<>();
        private volatile boolean interrupted;

        @GetMapping("/events")
        void events(HttpServletResponse response) throws IOException {
            response.flushBuffer();
            writer.complete(Thread.currentThread());
            try {
                response.getOutputStream().write(new byte[64 << 20]);
            } catch (IOException e) {
                interrupted = Thread.currentThread().isInterrupted();
                ended.complete(e);
            }
        }
    }
}
