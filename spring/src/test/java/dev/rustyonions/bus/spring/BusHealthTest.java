package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** When a bus is down, and when it is not. */
class BusHealthTest {
    private static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    private final Bus<Integer> bus = Bus.create(2);
    private final AtomicLong clock = new AtomicLong();
    private final BusHealthIndicator indicator =
            new BusHealthIndicator(() -> Map.of("orders", bus), STUCK_AFTER, clock::get);

    @AfterEach
    void close() {
        bus.close(); // ends the publisher that waits
    }

    @Test
    void aLosslessReceiverThatHoldsPublishersUpAndDoesNotMoveIsDownAfterTheTime() {
        Receiver<Integer> lossy = bus.subscribe(); // reads nothing either, and holds nobody up
        try (Receiver<Integer> audit = bus.subscribe(o -> o.name("audit").lossless())) {
            publisherWaits();
            assertThat(status()).isEqualTo(Status.UP);
            passes(STUCK_AFTER.minusNanos(1));
            assertThat(status()).isEqualTo(Status.UP);
            passes(Duration.ofNanos(1));
            assertThat(status()).isEqualTo(Status.DOWN);
            assertThat(indicator.health().getDetails().get("orders").toString())
                    .contains("stuck=[audit#" + audit.id() + "]");
        }
        lossy.close();
        assertThat(status()).isEqualTo(Status.UP);
    }

    @Test
    void aReceiverThatIsOnlySlowIsUp() {
        try (Receiver<Integer> audit = bus.subscribe(o -> o.lossless())) {
            publisherWaits();
            assertThat(status()).isEqualTo(Status.UP);
            passes(STUCK_AFTER);
            audit.tryRecv();
            publisherWaits();
            assertThat(status()).isEqualTo(Status.UP);
            passes(STUCK_AFTER.minusNanos(1));
            assertThat(status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void aReceiverThatHoldsNobodyUpIsUpHoweverLongItsWindowIsFull() {
        Receiver<Integer> audit = bus.subscribe(o -> o.lossless());
        bus.publishMany(List.of(1, 2));
        assertThat(status()).isEqualTo(Status.UP);
        passes(STUCK_AFTER.multipliedBy(2));
        assertThat(status()).isEqualTo(Status.UP);
        audit.close();
    }

    @Test
    void aTimeTooLongToBeCountedIsAsLongAsCanBe() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(RonBusProperties.nanos(longest)).isEqualTo(Long.MAX_VALUE);
        assertThat(RonBusProperties.nanos(STUCK_AFTER)).isEqualTo(STUCK_AFTER.toNanos());
        BusHealthIndicator patient = new BusHealthIndicator(Map::of, longest, clock::get);
        assertThat(patient.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void lossAloneIsUp() {
        Receiver<Integer> lossy = bus.subscribe();
        bus.publishMany(List.of(1, 2, 3, 4));
        assertThat(status()).isEqualTo(Status.UP);
        passes(STUCK_AFTER);
        assertThat(status()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails().get("orders").toString()).contains("missed=2");
        lossy.close();
    }

    private Status status() {
        return indicator.health().getStatus();
    }

    private void passes(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    /** Has a publisher that waits, for as long as the receiver does not move. */
    private void publisherWaits() {
        Thread.startVirtualThread(() -> bus.submitMany(List.of(1, 2, 3, 4)));
        await().atMost(SseClient.PATIENCE).until(() -> bus.stats().publishersWaiting() > 0);
    }
}
