package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Lag warnings name who lost how much, and are throttled per minute. */
class LagLogTest {
    private final List<String> logged = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // the clock may overflow

    private LagLog log(int perMinute) {
        return new LagLog("orders", perMinute, clock::get, () -> new RecordingLogger(logged));
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void aWarningNamesTheBusTheReceiverAndTheNumberMissed() {
        log(1).lagged("audit", 123_456);
        assertThat(logged)
                .containsExactly(
                        "WARNING bus orders: receiver audit fell behind and missed 123456 messages"
                                + " (0 such warnings suppressed since the last)");
    }

    @Test
    void aReceiverWithoutANameIsCalledUnnamed() {
        log(1).lagged(null, 1);
        assertThat(logged).singleElement().asString().contains("receiver (unnamed) fell behind");
    }

    @Test
    void noMoreWarningsThanAllowedAreWrittenInAMinute() {
        LagLog log = log(3);
        for (int i = 0; i < 10; i++) {
            log.lagged("audit", 1);
            pass(Duration.ofSeconds(5));
        }
        assertThat(logged).hasSize(3);
        assertThat(log.suppressed()).isEqualTo(7);
    }

    @Test
    void theNextMinuteBeginsWithTheNumberSuppressed() {
        LagLog log = log(1);
        for (int i = 0; i < 5; i++) {
            log.lagged("audit", 1);
        }
        pass(Duration.ofSeconds(59));
        log.lagged("audit", 1);
        assertThat(logged).hasSize(1);
        pass(Duration.ofSeconds(1));
        log.lagged("audit", 1);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1)).endsWith("(5 such warnings suppressed since the last)");
        assertThat(log.suppressed()).isZero();
    }

    @Test
    void zeroPerMinuteTurnsTheWarningOff() {
        LagLog log = log(0);
        log.lagged("audit", 1);
        assertThat(logged).isEmpty();
        assertThat(log.suppressed()).isZero();
    }

    @Test
    void aLoggerThatThrowsDoesNotReachTheReceiver() {
        LagLog log =
                new LagLog(
                        "orders",
                        1,
                        clock::get,
                        () -> {
                            throw new IllegalStateException("no logging here");
                        });
        log.lagged("audit", 1);
    }
}
