package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * Publish into n parked virtual threads: what it costs the publisher, and how long until all have
 * the event; against a publisher that unparks all, and against a publish into one, shot by shot in
 * turn. A hundred thousand threads that have just run leave neither the caches nor the carriers as
 * they were; taking turns, all three find them in the same state.
 */
public final class Parked {
    private static final int[] SIZES = {1, 8, 100, 1_000, 10_000, 100_000};

    /**
     * The column of the ratio between the publisher's cost at n parked and at one: of the lower
     * quartiles, because a publisher that one of the carriers it woke has pushed off its processor
     * measures the operating system.
     */
    public static final String FLAT = "publish, ratio to one parked";

    /**
     * The column of the ratio between the bus and the baseline until all have the event; of the
     * lower quartiles, because what else the machine does can only add to a shot. Of several crowds
     * it is the median.
     */
    public static final String SERVED = "all served, ratio";

    /** Shots at the most receivers: enough for a median, few enough for a gate. */
    private static final int FEWEST = 21;

    /**
     * The ratio differs from one crowd of a JVM to the next, so several are measured, one after the
     * other. Five of 100,000 would take a gate too long.
     */
    private static final int CROWDS = 5;

    private static final int MOST_IN_SEVERAL_CROWDS = 10_000;

    /** Enough that the compiler has done with the loops of the receivers. */
    private static final int WARM_UP = 10_000;

    private static final int WARM_UPS = 2;
    private static final int WARM_UP_SHOTS = 5;

    private Parked() {}

    /**
     * Lets the compiler do its work with crowds that come and go. A thread that has begun its loop
     * in the interpreter stays there, since the loop hardly ever turns: a crowd that is started in
     * a cold JVM would measure that, and the one started after it would not.
     */
    static void warmUp() throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            ParkedReceivers bus = ParkedReceivers.onBus(WARM_UP, false);
            ParkedReceivers baseline = ParkedReceivers.onUnparkAll(WARM_UP);
            for (int shot = 0; shot < WARM_UP_SHOTS; shot++) {
                bus.shoot();
                baseline.shoot();
            }
            bus.end();
            baseline.end();
        }
    }

    /** Measures what the gate needs. */
    public static void runGated(Report report) throws InterruptedException {
        for (int n : new int[] {1_000, 10_000, 100_000}) {
            runGated(report, n, "idle");
        }
        runGated(report, 100_000, "busy");
    }

    /** Measures one crowd of those that the gate needs. */
    public static void runGated(Report report, int n, String carriers) throws InterruptedException {
        warmUp();
        Others others = Others.fromNow();
        Row row = measure(n, carriers.equals("busy"), 0.3);
        report.add(row.with(Others.SHARE, others.share()));
    }

    /** Measures into the report. */
    public static void run(Report report, boolean full) throws InterruptedException {
        warmUp();
        for (boolean busy : new boolean[] {false, true}) {
            for (int n : SIZES) {
                report.add(measure(n, busy, full ? 1.0 : 0.3));
            }
        }
    }

    /** Measures one size; {@code effort} scales the number of shots. */
    private static Row measure(int n, boolean busy, double effort) throws InterruptedException {
        int shots = (int) Math.max(FEWEST, effort * Math.clamp(1_000_000 / n, 20, 400));
        Load load = busy ? new Load() : null;
        Shots all = new Shots();
        int crowds = n <= MOST_IN_SEVERAL_CROWDS ? CROWDS : 1;
        double[] ratios = new double[crowds];
        for (int crowd = 0; crowd < crowds; crowd++) {
            Shots taken = shoot(n, Math.max(FEWEST, shots / crowds), crowd % 2 == 0);
            ratios[crowd] =
                    lowerQuartile(sorted(taken.ours, ParkedReceivers.Shot::allNanos))
                            / lowerQuartile(sorted(taken.theirs, ParkedReceivers.Shot::allNanos));
            all.add(taken);
        }
        if (load != null) {
            load.end();
        }
        Arrays.sort(ratios);
        double[] cost = sorted(all.ours, ParkedReceivers.Shot::publishNanos);
        double[] singleCost = sorted(all.singles, ParkedReceivers.Shot::publishNanos);
        double served = median(sorted(all.ours, ParkedReceivers.Shot::allNanos));
        return Row.of("Publish into parked virtual threads")
                .with("parked", n)
                .with("carriers", busy ? "busy" : "idle")
                .with("publish us", median(cost) / 1e3)
                .with("p90", cost[cost.length * 9 / 10] / 1e3)
                .with("publish into one us", median(singleCost) / 1e3)
                .with(FLAT, lowerQuartile(cost) / lowerQuartile(singleCost))
                .with(
                        "unpark-all publish us",
                        median(sorted(all.theirs, ParkedReceivers.Shot::publishNanos)) / 1e3)
                .with("all served us", served / 1e3)
                .with(
                        "unpark-all served us",
                        median(sorted(all.theirs, ParkedReceivers.Shot::allNanos)) / 1e3)
                .with(SERVED, median(ratios))
                .with("deliveries/s", n * 1e9 / served);
    }

    /** Shots at crowds of one size. */
    private static final class Shots {
        final List<ParkedReceivers.Shot> ours = new ArrayList<>();
        final List<ParkedReceivers.Shot> singles = new ArrayList<>();
        final List<ParkedReceivers.Shot> theirs = new ArrayList<>();

        void add(Shots more) {
            ours.addAll(more.ours);
            singles.addAll(more.singles);
            theirs.addAll(more.theirs);
        }
    }

    /** Shoots at a crowd of the bus and one of the baseline, of which one is started first. */
    private static Shots shoot(int n, int shots, boolean isBusFirst) throws InterruptedException {
        boolean plantCost = Plant.in("parked-flat") && n == 100_000;
        boolean plantServed = Plant.in("parked-served") && n >= 1_000;
        ParkedReceivers early = isBusFirst ? null : ParkedReceivers.onUnparkAll(n);
        ParkedReceivers bus = ParkedReceivers.onBus(n, plantCost || plantServed);
        ParkedReceivers single = ParkedReceivers.onBus(1, false);
        ParkedReceivers baseline = early == null ? ParkedReceivers.onUnparkAll(n) : early;
        Shots taken = new Shots();
        for (int i = 0; i < shots + shots / 3; i++) {
            ParkedReceivers.Shot our = bus.shoot();
            ParkedReceivers.Shot one = single.shoot();
            ParkedReceivers.Shot their = baseline.shoot();
            if (i >= shots / 3) {
                taken.ours.add(our);
                taken.singles.add(one);
                taken.theirs.add(their);
            }
        }
        bus.end();
        single.end();
        baseline.end();
        return taken;
    }

    private static double[] sorted(
            List<ParkedReceivers.Shot> shots, ToDoubleFunction<ParkedReceivers.Shot> nanos) {
        return shots.stream().mapToDouble(nanos).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static double lowerQuartile(double[] sorted) {
        return sorted[sorted.length / 4];
    }

    /**
     * Keeps the carriers busy: as many virtual threads as there are carriers, each of which spins
     * and then sleeps for an instant.
     *
     * <p>Threads that only yield would not do. A carrier takes its next task from where it found
     * the last one as long as there is any, and a thread that yields puts itself back there: two of
     * them keep two carriers to themselves for ever, and nobody else runs.
     */
    static final class Load {
        private static final long SPIN_NANOS = 200_000;

        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean ended;

        Load() {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                threads.add(Thread.ofVirtual().start(this::spin));
            }
        }

        private void spin() {
            while (!ended) {
                long end = System.nanoTime() + SPIN_NANOS;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                LockSupport.parkNanos(1);
            }
        }

        void end() throws InterruptedException {
            ended = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
