package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Consumers that fail and patience that is over are in the log, and do not fill it. */
class ReceiverLogTest {
    private final List<String> logged = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();

    private ReceiverLog log() {
        return new ReceiverLog("orders", clock::get, () -> new RecordingLogger(logged));
    }

    @Test
    void aLineNamesTheBusTheReceiverAndTheClassOfWhatWasThrown() {
        log().failed("audit", IllegalStateException.class);
        log().failed(null, StackOverflowError.class);
        assertThat(logged)
                .containsExactly(
                        "WARNING bus orders: the consumer of receiver audit ended by"
                                + " java.lang.IllegalStateException; the receiver stays subscribed"
                                + " until it is closed",
                        "WARNING bus orders: the consumer of receiver (unnamed) ended by"
                                + " java.lang.StackOverflowError; the receiver stays subscribed"
                                + " until it is closed");
    }

    @Test
    void aPatienceThatIsOverIsALineWithTheTimeWaitedInWholeMilliseconds() {
        log().patienceOver("audit", 3, 5_003_999_999L);
        log().patienceOver(null, 17, 999_999);
        assertThat(logged)
                .containsExactly(
                        "WARNING bus orders: publishers waited 5003 ms for receiver audit, longer"
                                + " than its patience; from now on it misses what it is too slow"
                                + " for",
                        "WARNING bus orders: publishers waited 0 ms for receiver with id 17,"
                                + " longer than its patience; from now on it misses what it is too"
                                + " slow for");
    }

    @Test
    void bothKindsOfLinesShareTenAMinute() {
        ReceiverLog log = log();
        for (int i = 0; i < 10; i++) {
            log.failed("audit", IllegalStateException.class);
        }
        log.patienceOver("audit", 3, 1);
        assertThat(logged).hasSize(10);
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        log.patienceOver("audit", 3, 1);
        assertThat(logged)
                .hasSize(11)
                .last()
                .asString()
                .endsWith("(1 such warnings suppressed since the last)");
    }

    @Test
    void aConsumerStartedAgainInALoopHasTenLinesAMinuteAndTheNextSaysWhatWasSuppressed() {
        ReceiverLog log = log();
        for (int i = 0; i < 1000; i++) {
            log.failed("audit", IllegalStateException.class);
        }
        assertThat(logged).hasSize(10).noneMatch(line -> line.contains("suppressed"));
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        log.failed("audit", IllegalStateException.class);
        log.failed("audit", IllegalStateException.class);
        assertThat(logged).hasSize(12);
        assertThat(logged.get(10)).endsWith("(990 such warnings suppressed since the last)");
        assertThat(logged.get(11)).endsWith("until it is closed");
    }

    @Test
    void aLoggerThatThrowsDoesNotReachTheConsumer() {
        ReceiverLog log =
                new ReceiverLog(
                        "orders",
                        clock::get,
                        () -> {
                            throw new IllegalStateException("no logging here");
                        });
        log.failed("audit", IllegalStateException.class);
    }
}
