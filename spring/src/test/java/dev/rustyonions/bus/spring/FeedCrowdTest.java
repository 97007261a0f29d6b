package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.sse.SseFeed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Clients come and go without a leak: thousands of them, on a real Tomcat, from a JVM of their own.
 *
 * <p>A client that vanishes, because its machine has lost its power or its network, is to the
 * server one whose connection takes nothing any more. Over loopback that is a client that has
 * stopped reading. So those that stop reading stand for those that vanish.
 */
@Timeout(300)
class FeedCrowdTest {
    private static final int CLIENTS = "full".equals(System.getProperty("ron.tests")) ? 2000 : 200;
    private static final int QUARTER = CLIENTS / 4;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(4);

    /** What a busy machine may add; much less than a server waits for requests, or for ever. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static final int CAPACITY = 256;
    private static final int BURST = 64;

    /** More than slow clients read before they are cut off. */
    private static final int BACKLOG = 4096;

    private long published;

    @Test
    void clientsComeAndGoWithoutALeakAndNobodyButThoseThatDoNotReadLosesAnything()
            throws Exception {
        ConfigurableApplicationContext context =
                SpringApplication.run(
                        Application.class, "--server.port=0", "--ron.bus.capacity=" + CAPACITY);
        try (CrowdProcess crowd = new CrowdProcess(context)) {
            Bus<?> anyBus = context.getBean(Bus.class);
            @SuppressWarnings("unchecked")
            Bus<Long> bus = (Bus<Long>) anyBus;
            long heapBefore = heap();

            crowd.does("connect", CLIENTS - 1);
            crowd.does("connect-deaf", 1);
            receivers(bus, CLIENTS);
            print("heap without clients: " + heapBefore + " MB");
            print("heap for " + CLIENTS + " clients: " + heap() + " MB");

            // More than the window and the buffers of a connection hold.
            publish(bus, 8 * BURST, 1);
            crowd.does("got", (int) published - 1);
            print("the one that does not read: gone after " + gone(bus, CLIENTS - 1));

            crowd.does("reset", QUARTER);
            print(QUARTER + " that were reset: gone after " + gone(bus, CLIENTS - 1 - QUARTER));

            crowd.does("stop-reading", QUARTER);
            publish(bus, 8 * BURST, QUARTER);
            int reading = CLIENTS - 1 - 2 * QUARTER;
            crowd.does("got", (int) published - 1);
            print(QUARTER + " that do not read: gone after " + gone(bus, reading));
            assertThat(bus.receivers()).extracting(ReceiverStats::missed).containsOnly(0L);

            crowd.does("close", reading);
            Duration noticed = gone(bus, 0);
            print(reading + " that left: gone after " + noticed);
            assertThat(noticed).isLessThan(HEARTBEAT.multipliedBy(2).plus(SLACK));
            // Tomcat keeps the buffers of as many connections as there have been, for the next.
            print("heap after all have gone: " + heap() + " MB");
            print("the last response kept for " + forgotten("spring.FeedResponse"));
            print("the last receiver kept for " + forgotten("BusReceiver"));

            crowd.does("connect", CLIENTS);
            receivers(bus, CLIENTS);
            print("heap for " + CLIENTS + " clients again: " + heap() + " MB");
            long began = System.nanoTime();
            publish(bus, 8 * BURST, 0);
            crowd.does("got", (int) published - 1);
            double seconds = (System.nanoTime() - began) / 1e9;
            print((long) (8.0 * BURST * CLIENTS / seconds) + " frames a second");
            began = System.nanoTime();
            context.close();
            Duration closing = Duration.ofNanos(System.nanoTime() - began);
            print("shutdown with " + CLIENTS + " open: " + closing);
            assertThat(closing).isLessThan(SLACK);
            crowd.does("complete", 0);
        } finally {
            context.close();
        }
    }

    /**
     * Tomcat counts the requests that are under way, and its graceful shutdown waits for them for
     * half a minute. Clients that are cut off while they are being written to must be counted down.
     */
    @Test
    void aShutdownCutsOffThoseThatAreFarBehindAndWaitsForThemNoLonger() throws Exception {
        ConfigurableApplicationContext context =
                SpringApplication.run(
                        Application.class, "--server.port=0", "--ron.bus.capacity=" + BACKLOG);
        try (CrowdProcess crowd = new CrowdProcess(context)) {
            Bus<?> anyBus = context.getBean(Bus.class);
            @SuppressWarnings("unchecked")
            Bus<Long> bus = (Bus<Long>) anyBus;
            crowd.does("connect", CLIENTS);
            receivers(bus, CLIENTS);
            crowd.does("slow", CLIENTS);
            for (int i = 0; i < BACKLOG; i++) {
                bus.publish(published++);
            }
            long began = System.nanoTime();
            context.close();
            Duration closing = Duration.ofNanos(System.nanoTime() - began);
            print("shutdown with " + CLIENTS + " open that are behind: " + closing);
            assertThat(closing).isLessThan(SLACK);
        } finally {
            context.close();
        }
    }

    /** Publishes, no faster than all receivers but so many can read. */
    private void publish(Bus<Long> bus, int events, int butFor) {
        for (int burst = 0; burst < events; burst += BURST) {
            for (int i = 0; i < BURST; i++) {
                bus.publish(published++);
            }
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(SseClient.PATIENCE)
                    .until(
                            () ->
                                    bus.receivers().stream()
                                                    .filter(receiver -> receiver.depth() > 0)
                                                    .count()
                                            <= butFor);
        }
    }

    private static void receivers(Bus<Long> bus, int count) {
        await().atMost(SseClient.PATIENCE).until(() -> bus.stats().receivers() == count);
    }

    /** Waits until there are so many receivers left, and says how long that took. */
    private static Duration gone(Bus<Long> bus, int left) {
        long began = System.nanoTime();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(SseClient.PATIENCE)
                .until(() -> bus.stats().receivers() <= left);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    /**
     * Waits until no object of a class is left, and says how long that took.
     *
     * <p>A response outlives its receiver: its thread has to end, and Tomcat looks only once a
     * second for those it is to cut off.
     */
    private static Duration forgotten(String type) {
        long began = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50))
                .atMost(SseClient.PATIENCE)
                .until(() -> alive("dev.rustyonions.bus." + type) == 0);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** How many objects of a class there are, after a collection. */
    private static int alive(String type) throws JMException {
        String histogram =
                (String)
                        ManagementFactory.getPlatformMBeanServer()
                                .invoke(
                                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                        "gcClassHistogram",
                                        new Object[] {new String[0]},
                                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[3].equals(type))
                .mapToInt(words -> Integer.parseInt(words[1]))
                .sum();
    }

    private static void print(String line) {
        System.out.println("FeedCrowdTest: " + line);
    }

    /** The JVM of the clients. */
    private static final class CrowdProcess implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        CrowdProcess(ConfigurableApplicationContext context) throws IOException {
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:+UseSerialGC",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Crowd.class.getName(),
                                    context.getEnvironment()
                                            .getRequiredProperty("local.server.port"))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Gives an order and waits until it has been carried out. */
        void does(String order, int number) throws IOException {
            process.getOutputStream()
                    .write((order + " " + number + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertThat(answers.readLine()).as(order).isEqualTo("done");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(FeedTest.Controller.class)
    static class Application {
        @Bean
        SseFeed<Long> feed(Bus<Long> bus) {
            return SseFeed.builder(bus, (Long number) -> number + " " + "x".repeat(100))
                    .heartbeat(HEARTBEAT)
                    .writeTimeout(WRITE_TIMEOUT)
                    .build();
        }

        /** So small that a client that does not read is noticed after little. */
        @Bean
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> sendBuffer() {
            return factory ->
                    factory.addConnectorCustomizers(
                            connector -> connector.setProperty("socket.txBufSize", "8192"));
        }
    }
}
