package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import io.nats.client.Connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A publisher with an export, and an import of it, in a soak. Both may be stopped and come back.
 */
final class SoakSide implements AutoCloseable {
    static final String STREAM = "SOAK";
    static final String STREAM_SUBJECT = "soak.stream";

    private static final int BURST = 1_000;

    /** Of every other run of an export, how many events one message may have. */
    private static final int BATCH = 16;

    /** One run of the export, when it has ended. */
    private record Run(ExportStats stats, boolean inOrder) {}

    final String origin;
    private final boolean lossless;
    private final boolean isStream;
    private final Supplier<Connection> near;
    private final Supplier<Connection> far;

    private final Bus<SoakEvent> bus = Bus.create(128);
    private final Thread publisher = Thread.ofVirtual().unstarted(this::publish);
    volatile String trouble = SoakEvent.PLAIN;
    volatile boolean burst;
    private volatile boolean stopped;
    private long sequence;

    private final List<Run> runs = new ArrayList<>();
    private Connection exportingOver;
    private NatsExport<SoakEvent> export;

    private final SoakLedger ledger;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Connection importingOver;
    private NatsImport<SoakEvent> imported;
    private Thread follower;
    private String position = "";

    /**
     * Starts it.
     *
     * @param near makes the connections of the export
     * @param far makes those of the import
     */
    SoakSide(
            String origin,
            boolean lossless,
            boolean isStream,
            Supplier<Connection> near,
            Supplier<Connection> far)
            throws Exception {
        this.origin = origin;
        this.ledger = new SoakLedger(origin);
        this.lossless = lossless;
        this.isStream = isStream;
        this.near = near;
        this.far = far;
        exportingOver = near.get();
        importingOver = far.get();
        startImport();
        startExport();
        Accounts.awaitNext(0, origin, imported);
        publisher.start();
    }

    private String subject() {
        return isStream ? STREAM_SUBJECT : Texts.SUBJECT;
    }

    /** The epoch of the run of the export that is there now. */
    String epoch() {
        return export.stats().epoch();
    }

    // ---- the export ----

    private void startExport() throws Exception {
        int run = runs.size();
        NatsExport.Builder<SoakEvent> exporting =
                NatsExport.builder(bus, (SoakEvent event) -> event.toBytes(run))
                        .subject(subject())
                        .origin(origin)
                        .connection(exportingOver)
                        .heartbeat(Texts.HEARTBEAT)
                        .closeTimeout(NatsServer.PATIENCE);
        if (lossless) {
            exporting.lossless();
        }
        if (isStream) {
            exporting.stream(STREAM);
        }
        if (run % 2 == 1) {
            exporting.batch(BATCH);
        }
        export = exporting.start();
    }

    /** The process of the export ends, in order or by a loss of its connection, and comes back. */
    void restartExport(boolean inOrder) throws Exception {
        awaitConnected(exportingOver);
        if (!inOrder) {
            exportingOver.close();
        }
        endExport(inOrder);
        if (!inOrder) {
            exportingOver = near.get();
        }
        startExport();
        // Not left again before it was heard of: an import that is new would know neither.
        int run = runs.size();
        await().until(() -> hasFailed() || ledger.hasHeardOf(run));
    }

    private void endExport(boolean inOrder) {
        export.close();
        assertThat(export.isClosed()).isTrue();
        runs.add(new Run(export.stats(), inOrder));
    }

    // ---- the import ----

    private void startImport() throws Exception {
        NatsImport.Builder<SoakEvent> importing =
                NatsImport.<SoakEvent>builder(SoakEvent::of)
                        .subject(subject())
                        .connection(importingOver)
                        .bus(Bus.builder().name("imported").capacity(1024))
                        .closeTimeout(NatsServer.PATIENCE)
                        .beforeFirst(this::follow);
        if (isStream) {
            importing.stream(STREAM).resume(position);
        }
        imported = importing.start();
    }

    private void follow(Bus<Remote<SoakEvent>> from) {
        Receiver<Remote<SoakEvent>> receiver = from.subscribe(o -> o.lossless());
        follower =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (receiver) {
                                        receiver.consume(
                                                ledger::take,
                                                missed -> {
                                                    throw new AssertionError("lagged");
                                                });
                                    } catch (Throwable e) {
                                        failure.compareAndSet(null, e);
                                    }
                                });
    }

    /** The process of the import ends, in order or by a loss of its connection, and comes back. */
    void restartImport(boolean inOrder) throws Exception {
        awaitConnected(importingOver);
        if (!inOrder) {
            importingOver.close();
        }
        endImport();
        if (!inOrder) {
            importingOver = far.get();
        }
        ledger.nextImport(isStream);
        startImport();
        // So that the baseline is of the run that is there now.
        await().until(() -> hasFailed() || ledger.hasHeardOf(runs.size()));
    }

    private void endImport() throws InterruptedException {
        imported.close();
        assertThat(follower.join(NatsServer.PATIENCE)).isTrue();
        check();
        ledger.compare(Accounts.stats(origin, imported));
        position = imported.position();
    }

    private boolean hasFailed() {
        return failure.get() != null;
    }

    private void check() {
        if (hasFailed()) {
            throw new AssertionError(origin, failure.get());
        }
    }

    // ---- the publisher ----

    private void publish() {
        while (!stopped) {
            submit(trouble);
            trouble = SoakEvent.PLAIN;
            if (burst) {
                burst = false;
                for (int i = 0; i < BURST; i++) {
                    submit(SoakEvent.PLAIN);
                }
            }
            LockSupport.parkNanos(200_000);
        }
    }

    private void submit(String kind) {
        if (bus.submit(new SoakEvent(0, sequence, kind)) >= 0) {
            sequence++;
        }
    }

    // ---- the end ----

    private static void awaitConnected(Connection connection) {
        await().until(() -> connection.getStatus() == Connection.Status.CONNECTED);
    }

    /** Waits until both have a connection again and events arrive, then ends all. */
    void settle() throws Exception {
        awaitConnected(exportingOver);
        awaitConnected(importingOver);
        long arrived = Accounts.stats(origin, imported).arrived();
        await().until(() -> hasFailed() || Accounts.stats(origin, imported).arrived() > arrived);
        int run = runs.size();
        await().until(() -> hasFailed() || ledger.hasHeardOf(run));
        stopped = true;
        assertThat(publisher.join(NatsServer.PATIENCE)).isTrue();
        endExport(true);
        // Without a stream the last message may be lost with a connection, and silence tells of it.
        await().alias(origin)
                .until(
                        () ->
                                hasFailed()
                                        || (isStream
                                                ? ledger.hasHeardTheEndOf(run)
                                                : ledger.hasHeardTheSilenceOf(run)));
        endImport();
    }

    /** Every account of every run must balance; returns how many stretches were complete. */
    int balance() {
        int complete = 0;
        boolean[] heard = new boolean[runs.size()];
        for (SoakLedger.Part part : ledger.parts()) {
            assertThat(part.arrived + part.lostInAll())
                    .isEqualTo(part.first < 0 ? 0 : part.next - part.first);
            if (part.run >= 0) {
                heard[part.run] = true;
                complete += balance(part, runs.get(part.run)) ? 1 : 0;
            }
        }
        assertThat(heard).as("runs of which events came").doesNotContain(false);
        ExportStats last = runs.getLast().stats;
        assertThat(ledger.parts().getLast().base + last.numbered()).isEqualTo(sequence);
        return complete;
    }

    private boolean balance(SoakLedger.Part part, Run run) {
        ExportStats stats = run.stats;
        assertThat(part.next).isLessThanOrEqualTo(stats.numbered());
        assertThat(part.arrived).isLessThanOrEqualTo(stats.numbered() - stats.unsentInAll());
        if (part.closed || (isStream && run.inOrder)) {
            assertThat(part.next).as("%s: the end of a run", origin).isEqualTo(stats.numbered());
            assertThat(stats.sent() + stats.unsentInAll()).isEqualTo(stats.numbered());
        }
        boolean complete = part.first == 0 && part.next == stats.numbered();
        for (Cause cause : Cause.UNSENT) {
            long there = part.lost.getOrDefault(cause, 0L);
            long here = stats.unsent().getOrDefault(cause, 0L);
            if (complete) {
                assertThat(there).as("%s of %s", cause, part.run).isEqualTo(here);
            } else {
                assertThat(there).as("%s of %s", cause, part.run).isLessThanOrEqualTo(here);
            }
        }
        return complete;
    }

    /** What came of it, in a line. */
    @Override
    public String toString() {
        long arrived = ledger.parts().stream().mapToLong(part -> part.arrived).sum();
        long lost = ledger.parts().stream().mapToLong(SoakLedger.Part::lostInAll).sum();
        return origin
                + ": published "
                + sequence
                + ", runs of the export "
                + runs.size()
                + ", arrived "
                + arrived
                + ", lost "
                + lost
                + ", duplicates "
                + duplicates();
    }

    /** Numbers that came again, to the last import. */
    long duplicates() {
        return Accounts.stats(origin, imported).duplicates();
    }

    @Override
    public void close() {
        stopped = true;
        bus.close();
        imported.close();
    }
}
