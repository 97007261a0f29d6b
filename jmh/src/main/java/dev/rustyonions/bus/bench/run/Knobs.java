package dev.rustyonions.bus.bench.run;

import com.sun.management.OperatingSystemMXBean;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peer;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.peer.Tick;

import org.HdrHistogram.Histogram;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the knobs do that {@link Bursts} does not sweep: the mode together with how events are
 * published, flush threshold, epoch yield, linger.
 */
public final class Knobs {
    private static final int CAPACITY = 4096;
    private static final int[] THRESHOLDS = {16, 32, 64, 128, 256};
    private static final int[] LINGERS = {10, 20, 50, 100, 200, 500};

    private static final String ONE_BY_ONE = "publish";
    private static final String MANY = "publishMany";
    private static final String BATCH = "Batch";
    private static final List<String> WAYS = List.of(ONE_BY_ONE, MANY, BATCH);

    /** As a linger: none, the classic mode. */
    private static final int CLASSIC = 0;

    /** The column of the threads woken for an event. */
    public static final String WAKE_UPS = "wake-ups an event";

    private Knobs() {}

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        for (int fanout : full ? new int[] {1, 4, 16} : new int[] {Settings.fanout()}) {
            for (Mode mode : new Mode[] {Mode.CLASSIC, Mode.EDGE}) {
                for (String way : WAYS) {
                    report.add(second(() -> together(mode, way, fanout)));
                }
            }
        }
        for (int fanout : full ? new int[] {1, 4, 16} : new int[] {Settings.fanout()}) {
            for (int threshold : THRESHOLDS) {
                report.add(second(() -> flush(threshold, fanout)));
            }
        }
        for (int fanout : full ? new int[] {1, 4, 16} : new int[] {Settings.fanout()}) {
            report.add(second(() -> yielding(0, fanout)));
            for (int epoch : new int[] {64, 256}) {
                report.add(second(() -> yielding(epoch, fanout)));
            }
        }
        for (int rate : full ? new int[] {10_000, 100_000, 1_000_000} : new int[] {100_000}) {
            report.add(second(() -> linger(CLASSIC, rate)));
            for (int micros : LINGERS) {
                report.add(second(() -> linger(micros, rate)));
            }
        }
    }

    /** Measures what the gate needs: classic, then edge as it is by default. */
    public static void runGated(Report report) throws InterruptedException {
        int rate = 100_000;
        Others others = Others.fromNow();
        Row classic = second(() -> linger(CLASSIC, rate));
        int usual = (int) (builder(Mode.EDGE).build().config().linger().toNanos() / 1_000);
        Row edge = second(() -> linger(Plant.in("edge") ? CLASSIC : usual, rate));
        report.add(classic.with(Others.SHARE, others.share()));
        report.add(edge.with(Others.SHARE, others.share()));
    }

    @FunctionalInterface
    private interface Measurement {
        Row take() throws InterruptedException;
    }

    /** The first one warms up. */
    private static Row second(Measurement measurement) throws InterruptedException {
        measurement.take();
        return measurement.take();
    }

    private static BusBuilder builder(Mode mode) {
        return Bus.builder().mode(mode).capacity(CAPACITY).overflowWarnPerMinute(0);
    }

    /** Bursts on a bus of one mode, published in one of the ways. */
    private static Row together(Mode mode, String way, int fanout) throws InterruptedException {
        Bus<Tick> bus = builder(mode).build();
        Row row =
                bursts(
                        Row.of("Mode and way")
                                .with("mode", mode.name().toLowerCase(Locale.ROOT))
                                .with("published by", way),
                        bus,
                        fanout,
                        switch (way) {
                            case MANY -> bus::publishMany;
                            case BATCH -> through(bus.batch());
                            default -> ticks -> ticks.forEach(bus::publish);
                        });
        return row.with(WAKE_UPS, (double) bus.stats().wakeups() / bus.stats().published());
    }

    private static Row flush(int threshold, int fanout) throws InterruptedException {
        Bus<Tick> bus = builder(Mode.BATCHED).flushThreshold(threshold).build();
        return bursts(
                Row.of("Flush threshold").with("threshold", threshold),
                bus,
                fanout,
                through(bus.batch()));
    }

    private static Consumer<List<Tick>> through(Batch<Tick> batch) {
        return ticks -> {
            ticks.forEach(batch::add);
            batch.flush();
        };
    }

    private static Row yielding(int epoch, int fanout) throws InterruptedException {
        BusBuilder builder = builder(Mode.BATCHED).epochYield(epoch > 0);
        Bus<Tick> bus = (epoch > 0 ? builder.burst(epoch) : builder).build();
        return bursts(
                Row.of("Epoch yield, publishMany")
                        .with("yields after", epoch == 0 ? "never" : String.valueOf(epoch)),
                bus,
                fanout,
                bus::publishMany);
    }

    private static Row bursts(Row row, Bus<Tick> bus, int fanout, Consumer<List<Tick>> publish)
            throws InterruptedException {
        return Bursts.fill(row, Peers.of(bus), Settings.burst(), CAPACITY, fanout, publish);
    }

    /**
     * A publisher that spins until each event is due, so that the events come one by one even where
     * a sleep is long.
     */
    private static Row linger(int micros, int rate) throws InterruptedException {
        int fanout = Settings.fanout();
        Bus<Tick> bus =
                micros == CLASSIC
                        ? builder(Mode.CLASSIC).build()
                        : builder(Mode.EDGE).linger(Duration.of(micros, ChronoUnit.MICROS)).build();
        Peer system = Peers.of(bus);
        List<Histogram> histograms = Latency.histograms(fanout);
        ReceiverThreads receiverThreads =
                new ReceiverThreads(system, fanout, 1, false, Latency.recorders(histograms));
        long count = rate * (long) Settings.millis() / 1_000;
        long cpuBefore = othersCpu();
        long begun = System.nanoTime();
        for (long index = 0; index < count; index++) {
            long due = begun + index * TimeUnit.SECONDS.toNanos(1) / rate;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            system.publish(new Tick(0, index, due));
        }
        long cpu = othersCpu() - cpuBefore;
        long wakeups = bus.stats().wakeups();
        long missed = receiverThreads.settle(new long[] {count});
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        return Row.of("Linger, " + fanout + " receivers, the publisher spins")
                .with("linger us", micros == CLASSIC ? "classic" : String.valueOf(micros))
                .with("events/s", rate)
                .with(WAKE_UPS, (double) wakeups / count)
                .with("processor time of the others, us an event", cpu / 1e3 / count)
                .with("p50 us", all.getValueAtPercentile(50) / 1e3)
                .with("p95 us", all.getValueAtPercentile(95) / 1e3)
                .with("lost %", 100.0 * missed / (count * fanout));
    }

    /** Processor time of this process but for the calling thread. */
    private static long othersCpu() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getProcessCpuTime()
                - ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
