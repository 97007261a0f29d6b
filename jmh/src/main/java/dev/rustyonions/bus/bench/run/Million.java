package dev.rustyonions.bus.bench.run;

import com.sun.management.OperatingSystemMXBean;

import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.bench.Rows;
import dev.rustyonions.bus.bench.stat.Spread;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A million parked receivers, and a hundred thousand beside them to tell whether the cost of each
 * has grown, under a collector that works between the shots and under one that does not have to.
 */
public final class Million {
    private static final int[] SIZES = {100_000, 1_000_000};
    private static final List<String> COLLECTORS = List.of("G1", "Parallel");

    /** So that the generation of the young holds what several shots allocate. */
    private static final List<String> HEAP = List.of("-Xms12g", "-Xmx12g", "-Xmn6g");

    /** What a machine needs for that heap and for the rest of the JVM. */
    private static final long LEAST_MEMORY = 14L << 30;

    private static final int WARM_UP_SHOTS = 2;
    private static final int SHOTS = 8;

    private Million() {}

    /** Measures into the report, each size and collector in a JVM of its own, if memory allows. */
    public static void run(Report report, boolean full) throws Exception {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        if (memory < LEAST_MEMORY) {
            System.out.printf(
                    Locale.ROOT,
                    "million: left out, it needs %d GiB of memory and there are %.1f%n",
                    LEAST_MEMORY >> 30,
                    memory / (double) (1L << 30));
            return;
        }
        for (String collector : COLLECTORS) {
            for (int n : SIZES) {
                if (full || n == SIZES[0]) {
                    List<String> options = new ArrayList<>(HEAP);
                    options.add("-XX:+Use" + collector + "GC");
                    Rows.fork(options, "million", "of", String.valueOf(n), collector)
                            .forEach(report::add);
                }
            }
        }
    }

    /** Measures one size in this JVM, which has the heap and the collector for it. */
    public static void measure(Report report, int n, String collector) throws InterruptedException {
        Parked.warmUp();
        long before = used();
        long begun = System.nanoTime();
        ParkedReceivers bus = ParkedReceivers.onBus(n, false);
        bus.shoot();
        double started = System.nanoTime() - begun;
        double bytes = used() - before;
        ParkedReceivers single = ParkedReceivers.onBus(1, false);
        ParkedReceivers baseline = ParkedReceivers.onUnparkAll(n);
        List<ParkedReceivers.Shot> ours = new ArrayList<>();
        List<ParkedReceivers.Shot> singles = new ArrayList<>();
        List<ParkedReceivers.Shot> theirs = new ArrayList<>();
        List<Double> asked = new ArrayList<>();
        for (int i = 0; i < WARM_UP_SHOTS + SHOTS; i++) {
            ParkedReceivers.Shot our = bus.shoot();
            ParkedReceivers.Shot one = single.shoot();
            ParkedReceivers.Shot their = baseline.shoot();
            long asking = System.nanoTime();
            if (bus.woken() == 0) {
                throw new IllegalStateException("nobody was woken");
            }
            double answered = System.nanoTime() - asking;
            if (i >= WARM_UP_SHOTS) {
                ours.add(our);
                singles.add(one);
                theirs.add(their);
                asked.add(answered);
            }
        }
        double served = median(ours, ParkedReceivers.Shot::allNanos);
        double unparked = median(theirs, ParkedReceivers.Shot::allNanos);
        report.add(
                Row.of("Crowds")
                        .with("receivers", n)
                        .with("collector", collector)
                        .with("started and served once us", started / 1e3)
                        .with("bytes of each, its thread too", bytes / n)
                        .with("publish us", median(ours, ParkedReceivers.Shot::publishNanos) / 1e3)
                        .with(
                                "publish into one us",
                                median(singles, ParkedReceivers.Shot::publishNanos) / 1e3)
                        .with("stats() us", Spread.of(asked).median() / 1e3)
                        .with("all served us", served / 1e3)
                        .with("for each ns", served / n)
                        .with("unpark-all served us", unparked / 1e3)
                        .with(Parked.SERVED, served / unparked));
    }

    private static double median(
            List<ParkedReceivers.Shot> shots, ToDoubleFunction<ParkedReceivers.Shot> nanos) {
        return Spread.of(shots.stream().mapToDouble(nanos).boxed().toList()).median();
    }

    /** Bytes of the heap that can be reached. */
    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
