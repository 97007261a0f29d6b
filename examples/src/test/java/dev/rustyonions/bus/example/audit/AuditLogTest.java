package dev.rustyonions.bus.example.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.ReceiverStats;
import dev.rustyonions.bus.Sender;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The guide's audit log. */
@Timeout(60) // a hang is a failure
class AuditLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Change CHANGE = new Change("a", 1);

    @TempDir Path directory;

    private static Bus<Change> bus(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    private Path file() {
        return directory.resolve("audit.log");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    @Test
    void everyChangeOfEveryPublisherIsInTheFileInTheOrderInWhichItWasPublished() throws Exception {
        List<List<Change>> changes = new ArrayList<>();
        for (String account : List.of("a", "b", "c", "d")) {
            List<Change> ofOne = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                ofOne.add(new Change(account, i));
            }
            changes.add(ofOne);
        }
        assertThat(Ledger.run(bus(64), file(), changes, 20)).isEqualTo(Reason.BUS_CLOSED);
        List<String> lines = lines();
        assertThat(lines).hasSize(4001).last().isEqualTo("end BUS_CLOSED delivered 4000 missed 0");
        for (int i = 0; i < 4000; i++) {
            assertThat(lines.get(i)).startsWith(i + " ");
        }
        for (List<Change> ofOne : changes) {
            String account = "account=" + ofOne.getFirst().account();
            assertThat(lines)
                    .filteredOn(line -> line.contains(account))
                    .map(line -> line.replaceFirst("\\d+ ", ""))
                    .isEqualTo(ofOne.stream().map(Change::toString).toList());
        }
    }

    @Test
    void aDashboardThatNobodyReadsHoldsNothingUpAndCanAccountForAll() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Bus<Change> bus = bus(4);
            Dashboard stuck = new Dashboard(bus);
            Future<Reason> written = executor.submit(new AuditLog(bus, file(), PATIENCE)::write);
            for (int i = 0; i < 100; i++) {
                assertThat(bus.submit(new Change("a", i))).isEqualTo(i);
            }
            bus.close();
            assertThat(written.get()).isEqualTo(Reason.BUS_CLOSED);
            stuck.follow();
            assertThat(stuck.accounted()).isEqualTo(100);
            assertThat(stuck.shown()).containsExactly(entry("a", new Change("a", 99)));
            assertThat(lines()).hasSize(101);
        }
    }

    @Test
    void whatIsSaidToBeOnTheDiskIsInTheFile() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Bus<Change> bus = bus(4)) {
            AuditLog audit = new AuditLog(bus, file(), PATIENCE);
            Future<Reason> written = executor.submit(audit::write);
            long sequence = bus.submit(CHANGE);
            await().atMost(PATIENCE).until(() -> audit.onDisk() > sequence);
            assertThat(lines()).containsExactly("0 " + CHANGE);
            assertThat(written).isNotDone();
        }
    }

    @Test
    void whenThePatienceIsOverPublishersGoOnAndTheFileSaysWhatItMissed() throws Exception {
        Bus<Change> bus = bus(4);
        AuditLog audit = new AuditLog(bus, file(), Duration.ofMillis(20));
        for (int i = 0; i < 10; i++) {
            assertThat(bus.submit(CHANGE)).isEqualTo(i); // nobody writes
        }
        bus.close();
        assertThat(audit.write()).isEqualTo(Reason.BUS_CLOSED);
        assertThat(lines())
                .hasSize(6)
                .startsWith("missed 6 from 0", "6 " + CHANGE)
                .endsWith("end BUS_CLOSED delivered 4 missed 6");
        assertThat(audit.onDisk()).isEqualTo(10);
    }

    @Test
    void anEvictedLogSaysSoAndClosesTheBus() throws Exception {
        Bus<Change> bus = bus(4);
        AuditLog audit = new AuditLog(bus, file(), PATIENCE);
        bus.submit(CHANGE);
        assertThat(bus.evict(bus.receivers().getFirst().id())).isTrue();
        assertThat(audit.write()).isEqualTo(Reason.EVICTED);
        assertThat(lines()).containsExactly("end EVICTED delivered 0 missed 0");
        assertThat(bus.submit(CHANGE)).isEqualTo(Sender.CLOSED);
    }

    @Test
    void anInterruptedLogWritesItsAccountAndClosesTheBus() throws Exception {
        Bus<Change> bus = bus(4);
        AuditLog audit = new AuditLog(bus, file(), PATIENCE);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reason> written = executor.submit(audit::write);
            await().atMost(PATIENCE).until(() -> bus.receivers().getFirst().waiting());
            executor.shutdownNow();
            assertThat(written.get()).isEqualTo(Reason.INTERRUPTED);
        }
        assertThat(lines()).containsExactly("end INTERRUPTED delivered 0 missed 0");
        assertThat(bus.submit(CHANGE)).isEqualTo(Sender.CLOSED);
    }

    @Test
    void aFullDiskClosesTheBusAndFreesThePublishers() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Bus<Change> bus = bus(4);
            AuditLog audit = new AuditLog(bus, full, PATIENCE);
            Future<Long> last =
                    executor.submit(
                            () -> {
                                long sequence;
                                do {
                                    sequence = bus.submit(CHANGE);
                                } while (sequence >= 0);
                                return sequence;
                            });
            Future<Reason> written = executor.submit(audit::write);
            assertThatThrownBy(written::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
            assertThat(last.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Sender.CLOSED);
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void aLogThatFailsClosesTheBusBeforeItsReceiverSoThatNothingIsAcceptedUnlogged()
            throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (Bus<Change> bus = bus(4)) {
            List<Long> atTheEnd = new ArrayList<>();
            bus.observe(
                    new BusObserver() {
                        @Override
                        public void ended(ReceiverStats receiver) {
                            atTheEnd.add(bus.publishSequenced(CHANGE));
                        }
                    });
            AuditLog audit = new AuditLog(bus, full, PATIENCE);
            bus.submit(CHANGE);
            assertThatThrownBy(audit::write).isInstanceOf(IOException.class);
            assertThat(atTheEnd).containsExactly(Sender.CLOSED);
        }
    }

    @Test
    void aFileThatCannotBeOpenedLeavesNoReceiverBehind() {
        try (Bus<Change> bus = bus(4);
                Receiver<Change> other = bus.subscribe()) {
            assertThatThrownBy(() -> new AuditLog(bus, directory.resolve("no/such"), PATIENCE))
                    .isInstanceOf(IOException.class);
            assertThat(bus.stats().receivers()).isOne();
            assertThat(other.depth()).isZero();
        }
    }
}
