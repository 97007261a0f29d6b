package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.LagLog.Lags;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log says who lost how much: each receiver at most every ten seconds, all within a limit,
 * nothing forgotten.
 */
class LagLogTest {
    private static final String AUDIT =
            "WARNING bus orders: receiver audit fell behind and missed ";

    private final List<String> logged = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // the clock may overflow

    /** Done once, when the clock is next read: what another thread does at that point. */
    private Runnable meanwhile = () -> {};

    private LagLog log(int perMinute) {
        return new LagLog("orders", perMinute, this::now, () -> new RecordingLogger(logged));
    }

    private long now() {
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
        return clock.get();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    // ---- one receiver ----

    @Test
    void theFirstLagIsALineAtOnceWithTheBusTheReceiverAndTheNumberMissed() {
        log(1).lagged(new Lags("audit"), 123_456);
        assertThat(logged).containsExactly(AUDIT + "123456 messages");
    }

    @Test
    void aReceiverWithoutANameIsCalledUnnamed() {
        log(1).lagged(new Lags(null), 1);
        assertThat(logged).singleElement().asString().contains("receiver (unnamed) fell behind");
    }

    @Test
    void furtherLagsAreSummedUpInALineEveryTenSeconds() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        for (int i = 0; i <= 20_500; i++) { // a lag a millisecond
            log.lagged(audit, 3);
            pass(Duration.ofMillis(1));
        }
        assertThat(logged)
                .containsExactly(
                        AUDIT + "3 messages",
                        AUDIT + "30000 messages, in 10000 lags over 10.0 s",
                        AUDIT + "30000 messages, in 10000 lags over 10.0 s");
    }

    @Test
    void aLagLongAfterTheLastIsALineAtOnceThatSaysSinceWhen() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        pass(Duration.ofMillis(25_480));
        log.lagged(audit, 7);
        assertThat(logged.get(1)).isEqualTo(AUDIT + "7 messages, in 1 lag over 25.4 s");
    }

    @Test
    void eachReceiverHasItsOwnLines() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        Lags cache = new Lags("cache");
        for (int i = 0; i < 1000; i++) {
            log.lagged(audit, 1);
        }
        log.lagged(cache, 1);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1)).contains("receiver cache fell behind and missed 1 messages");
    }

    // ---- the limit ----

    @Test
    void noMoreLinesThanAllowedAreWrittenInAMinuteWhoeverLags() {
        LagLog log = log(3);
        for (int i = 0; i < 50; i++) {
            log.lagged(new Lags("one of many"), 1);
            pass(Duration.ofSeconds(1));
        }
        assertThat(logged).hasSize(3);
        pass(Duration.ofSeconds(10));
        for (int i = 0; i < 50; i++) {
            log.lagged(new Lags("one of many"), 1);
        }
        assertThat(logged).hasSize(6);
    }

    @Test
    void whatTheLimitSuppressesIsInTheReceiversNextLine() {
        LagLog log = log(1);
        log.lagged(new Lags("other"), 1);
        Lags audit = new Lags("audit");
        for (int i = 0; i < 59; i++) {
            log.lagged(audit, 2);
            pass(Duration.ofSeconds(1));
        }
        assertThat(logged).hasSize(1);
        pass(Duration.ofSeconds(1));
        log.lagged(audit, 2);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1)).isEqualTo(AUDIT + "120 messages, in 60 lags over 60.0 s");
    }

    @Test
    void zeroPerMinuteTurnsTheWarningOff() {
        LagLog log = log(0);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        log.lagged(audit, 1);
        log.ended(audit);
        assertThat(logged).isEmpty();
    }

    // ---- the end ----

    @Test
    void aReceiverThatEndsWithSomethingUnsaidSaysItInALastLine() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        pass(Duration.ofSeconds(2));
        log.lagged(audit, 4);
        log.lagged(audit, 5);
        log.ended(audit);
        log.ended(audit);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1))
                .isEqualTo(AUDIT + "9 messages, in 2 lags over 2.0 s; it has ended");
    }

    @Test
    void aReceiverThatEndsWithNothingUnsaidSaysNothing() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        log.ended(audit);
        assertThat(logged).hasSize(1);
    }

    @Test
    void whatTheLimitKeepsEndedReceiversFromSayingIsInTheNextLineOfAny() {
        LagLog log = log(1);
        log.lagged(new Lags("first"), 1);
        for (int i = 0; i < 3; i++) {
            Lags gone = new Lags("gone");
            log.lagged(gone, 10);
            log.lagged(gone, 10);
            log.ended(gone);
        }
        assertThat(logged).hasSize(1);
        pass(Duration.ofMinutes(1));
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        pass(Duration.ofMinutes(1));
        log.lagged(audit, 1);
        assertThat(logged.subList(1, 3))
                .containsExactly(
                        AUDIT
                                + "1 messages; receivers that have ended missed 60 messages more,"
                                + " in 6 lags",
                        AUDIT + "1 messages, in 1 lag over 60.0 s");
    }

    @Test
    void aLagToldWhileTheReceiverIsClosedIsSaidAtOnce() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        meanwhile = () -> log.ended(audit);
        log.lagged(audit, 5);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1))
                .isEqualTo(AUDIT + "5 messages, in 1 lag over 0.0 s; it has ended");
    }

    @Test
    void aLagToldWhileTheReceiverIsClosedIsNotLostWhereTheLimitKeepsItFromBeingSaid() {
        LagLog log = log(1);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        meanwhile = () -> log.ended(audit);
        log.lagged(audit, 5);
        pass(Duration.ofMinutes(1));
        log.lagged(new Lags("other"), 2);
        assertThat(logged.get(1))
                .endsWith(
                        "other fell behind and missed 2 messages; receivers that have ended missed"
                                + " 5 messages more, in 1 lag");
    }

    @Test
    void aLastLineIsWrittenOnceByTheLagOrTheClose() {
        LagLog log = log(60);
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        log.lagged(audit, 2);
        meanwhile = () -> log.lagged(audit, 5); // says the last line, which the close then need not
        log.ended(audit);
        assertThat(logged).hasSize(2);
        assertThat(logged.get(1))
                .isEqualTo(AUDIT + "7 messages, in 2 lags over 0.0 s; it has ended");
    }

    // ---- loggers ----

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
        Lags audit = new Lags("audit");
        log.lagged(audit, 1);
        log.lagged(audit, 1);
        log.ended(audit);
    }
}
