package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.LibraryLog;

import java.util.List;
import java.util.logging.LogRecord;

/** What a bus writes to the log, and that a log which throws changes nothing. */
class LoggingTest {

    private static void lag(Bus<Integer> bus, Receiver<Integer> rx) {
        bus.publishMany(List.of(0, 1, 2, 3, 4));
        assertThat(rx.tryRecv()).isInstanceOf(Lagged.class);
        rx.drain(2, message -> {});
    }

    @EachMode
    void aReceiverSaysItsFirstLagAtOnceAndWhatIsUnsaidWhenItIsClosed(Mode mode) {
        LibraryLog log = LibraryLog.open();
        try (Bus<Integer> bus =
                Buses.builder(mode, 2).name("orders").overflowWarnPerMinute(60).build()) {
            Receiver<Integer> rx = bus.subscribe(o -> o.name("audit"));
            lag(bus, rx);
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .containsExactly(
                            "bus orders: receiver audit fell behind and missed 3 messages");
            lag(bus, rx);
            lag(bus, rx);
            assertThat(log.records()).hasSize(1);
            rx.close();
            rx.close();
            assertThat(log.records()).hasSize(2);
            assertThat(log.records().get(1).getMessage())
                    .matches(
                            "bus orders: receiver audit fell behind and missed 6 messages, in 2"
                                    + " lags over \\d+\\.\\d s; it has ended");
        } finally {
            log.close();
        }
    }

    @EachMode
    void aLogThatThrowsKeepsNoBusFromBeingBuiltAndNoReceiverFromLaggingOrClosing(Mode mode) {
        LibraryLog log = LibraryLog.broken();
        try (Bus<Integer> bus =
                Buses.builder(mode, 2).burst(100).overflowWarnPerMinute(60).build()) {
            Receiver<Integer> rx = bus.subscribe();
            lag(bus, rx);
            lag(bus, rx);
            rx.close();
            assertThat(rx.missed()).isEqualTo(6);
            assertThat(bus.stats().receivers()).isZero();
        } finally {
            log.close();
        }
    }
}
