package dev.rustyonions.bus.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.console.BusReading.Delays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Collections;
import java.util.regex.Pattern;

/** How long and how far receivers are behind, as the plots show it. */
@Timeout(120)
class LatenciesTest {
    private final Bus<String> bus =
            Bus.builder().name("orders").capacity(16).overflowWarnPerMinute(0).build();

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @CsvSource({
        // A bus with few messages has each timed.
        "0, 0, 1024, 1",
        "10, 1, 1024, 1",
        "1000, 1, 1024, 1",
        // About a thousand samples a second of all receivers.
        "4000, 1, 1024, 4",
        "10000000, 1, 1024, 8192",
        "1000, 64, 1024, 64",
        // A message a second, however many receivers there are.
        "100, 100000, 1024, 64",
        // No more stamps than are worth their memory.
        "10, 1, 65536, 32",
    })
    void oneInSoManyIsSampledAsTheTrafficAllows(
            double published, int receivers, int capacity, int every) {
        assertThat(Latencies.every(published, receivers, capacity)).isEqualTo(every);
    }

    @Test
    void eachLengthIsInABucketThatEndsAtItOrAnEighthAboveAtMost() {
        int before = -1;
        for (long nanos : new long[] {0, 7, 8, 15, 16, 17, 1_000, 999_999_999, Long.MAX_VALUE}) {
            int bucket = Latencies.bucket(nanos);
            assertThat(bucket).isGreaterThanOrEqualTo(before);
            assertThat(Latencies.end(bucket)).isBetween((double) nanos, nanos * 1.125);
            before = bucket;
        }
    }

    @Test
    void theLatencyIsThatOfWhatWasTakenBetweenTwoReadings() throws Exception {
        try (Latencies latencies = new Latencies(bus);
                Receiver<String> receiver = bus.subscribe()) {
            latencies.sample(10, 1);
            assertThat(latencies.take()).isEqualTo(Latencies.Percentiles.NONE);
            long began = System.nanoTime();
            bus.publish("payload");
            await().until(() -> System.nanoTime() - began > 30_000_000);
            var unused = receiver.tryRecv();
            double most = (System.nanoTime() - began) / 1e3;
            Latencies.Percentiles taken = latencies.take();
            assertThat(taken.median()).isBetween(30_000.0, most * 1.125);
            assertThat(taken.high()).isCloseTo(taken.median(), within(0.0));
            assertThat(latencies.take()).isEqualTo(Latencies.Percentiles.NONE);
        }
    }

    @Test
    void theLagDistanceOfAReadingIsThatOfTheLargestLagSinceTheOneBefore() {
        try (Watched watched = new Watched(bus, Duration.ofSeconds(1), () -> {});
                Receiver<String> first = bus.subscribe();
                Receiver<String> second = bus.subscribe()) {
            publish(18);
            var lag = first.tryRecv();
            publish(3);
            var larger = second.tryRecv();
            assertThat(watched.read(Moment.now()).delays()).isEqualTo(new Delays(5, -1, -1));
            assertThat(watched.read(Moment.now()).delays()).isEqualTo(new Delays(0, -1, -1));
        }
    }

    @Test
    void nothingIsSampledUnlessAPageIsOpen() throws Exception {
        try (Receiver<String> receiver = bus.subscribe();
                Console console =
                        Console.builder().buses(bus).interval(Duration.ofMillis(100)).serve(0)) {
            Pattern none = Pattern.compile("\\[\\d+(?:\\.\\d)?,[\\d.]+,\\d+,0,-1,-1]");
            await().until(
                            () -> {
                                pass(receiver);
                                return none.matcher(history(console)).results().count() > 5;
                            });
            assertThat(none.matcher(history(console)).replaceAll("").replace(",", ""))
                    .isEqualTo("{\"" + bus.id() + "\":[]}");
            try (Http page = new Http(console)) {
                page.send(
                        "GET /readings HTTP/1.0\r\nHost: localhost\r\n"
                                + Http.tokenOf(console)
                                + "\r\n\r\n");
                page.event("reading");
                await().until(
                                () -> {
                                    pass(receiver);
                                    return Pattern.compile(",0,\\d[\\d.]*,\\d[\\d.]*]")
                                            .matcher(history(console))
                                            .find();
                                });
            }
        }
    }

    private void pass(Receiver<String> receiver) {
        publish(5);
        receiver.drain(5, received -> {});
    }

    private static String history(Console console) {
        return Http.get(console, "/history", Http.tokenOf(console)).body();
    }

    private void publish(int events) {
        bus.publishMany(Collections.nCopies(events, "payload"));
    }
}
