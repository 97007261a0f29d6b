package dev.rustyonions.bus.example.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Supervised workers in threads of their own, and how they are stopped. */
@Timeout(60) // a hang is a failure
class SupervisedServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;

    /** Until so many receivers are listed, and so have their place in the order. */
    private static void awaitSubscribed(Bus<Event> bus, int count) {
        await().atMost(PATIENCE).until(() -> bus.receivers().size() == count);
    }

    @Test
    void theCloseTellsEachWorkerByALastEventAndReturnsWhenAllHaveStopped() {
        List<Event> last = Collections.synchronizedList(new ArrayList<>());
        Worker worker =
                inbox -> {
                    List<Event> seen = new ArrayList<>();
                    inbox.consume(seen::add, missed -> {});
                    last.add(seen.getLast());
                };
        Bus<Event> bus;
        try (SupervisedService service =
                new SupervisedService(Map.of("one", worker, "two", worker), PATIENCE)) {
            bus = service.bus();
            awaitSubscribed(bus, 3);
        }
        assertThat(last).containsExactly(new Event.Shutdown(), new Event.Shutdown());
        assertThat(bus.stats().receivers()).isZero();
    }

    @Test
    void aWorkerThatFailsWhileItStopsIsNotWaitedForTwice() {
        AtomicInteger starts = new AtomicInteger();
        Worker worker =
                inbox -> {
                    starts.incrementAndGet();
                    inbox.consume(event -> {}, missed -> {});
                    throw new IllegalStateException("planted");
                };
        try (SupervisedService service =
                new SupervisedService(Map.of("worker", worker), PATIENCE)) {
            awaitSubscribed(service.bus(), 2);
        }
        assertThat(starts).hasValue(1);
    }

    @Test
    void aWorkerThatIsBlockedElsewhereIsInterruptedWhenTheGraceIsOver() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Worker worker =
                inbox -> {
                    blocked.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                };
        try (SupervisedService service =
                new SupervisedService(Map.of("worker", worker), Duration.ofMillis(20))) {
            awaitSubscribed(service.bus(), 2);
        }
        assertThat(blocked.getCount()).isZero();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void theSameWorkersRunInAScopeWhoseBusIsClosedBeforeTheJoin() throws Exception {
        assumeTrue(
                Runtime.version().feature() == 25,
                "StructuredTaskScope as written here is the preview of 25, and this is "
                        + Runtime.version());
        Path output = directory.resolve("output.txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-preview",
                                "--source",
                                "25",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "src/preview/java/ScopedService.java")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output))
                .endsWith("2 starts, 2 told to stop\n0 receivers left\n");
        assertThat(process.exitValue()).isZero();
    }
}
