package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A consumer that fails is in the log, and one that fails all the time does not fill it. */
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
