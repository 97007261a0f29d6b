package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Advice;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Mode;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Publishes and receives for as long as it is told to, under every kind of trouble, and ends with 0
 * if every account balances and the heap has not grown.
 */
public final class Soak {
    private static final long SHORT_LIFE = TimeUnit.MILLISECONDS.toNanos(100);

    /** How far the live heap of the last third may be from that of the first, in percent. */
    private static final double HEAP_TOLERANCE = 5;

    /** How much of the rate asked for the main bus must have, in percent. */
    private static final double LEAST_RATE = 90;

    /** Within this time each publisher gets a turn, however many processors others have. */
    private static final long TURN = TimeUnit.SECONDS.toNanos(5);

    private static final List<Mode> MODES = List.of(Mode.values());

    /** Events a second that the publishers that wait would publish if nobody held them up. */
    private static final long WAITING_RATE = 100_000;

    /** The scenarios that last for the whole run. */
    private final List<Scenario> lasting = new ArrayList<>();

    private final Options options;
    private final Faults faults = new Faults();
    private final PrintStream out = System.out;
    private final boolean terminal = Boolean.getBoolean("soak.terminal");

    /**
     * As many as the time allows, so that the measurements of a day do not themselves grow the
     * heap.
     */
    private final long[] heaps;

    /** From the first report on, if it is asked for. */
    private volatile @Nullable Causes causes;

    private int measured;
    private long missedAtStart;
    private long handledAtStart;
    private long acceptedAtStart;
    private long startedAt;
    private volatile boolean over;
    private volatile long shortBuses;
    private volatile long shortReceivers;

    private Soak(Options options) {
        this.options = options;
        heaps = new long[(int) Math.ceilDiv(options.time().toNanos(), interval())];
    }

    /**
     * Runs; see {@code --help}.
     *
     * @param args the options
     */
    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (Options.Refused e) {
            System.err.println("soak: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.println(Options.USAGE);
            return;
        }
        System.exit(new Soak(options).run() ? 0 : 1);
    }

    private boolean run() {
        if (options.narrow()) {
            new Narrow(faults, out).run(options.time());
            return balances();
        }
        Bus<Event> bus =
                Bus.builder().capacity(options.capacity()).overflowWarnPerMinute(0).build();
        Scenario scenario = new Scenario("", bus, faults, 2, options.rate(), false, this::lagged);
        scenario.start(Behaviour.STEADY, options.receivers());
        startOthers(scenario, 4);
        scenario.publish();
        Scenario waiting = scenario("waiting ", waitingBus(), 3, WAITING_RATE, true);
        lasting.addAll(List.of(scenario, waiting));
        waiting.start(Behaviour.STEADY, 4);
        startOthers(waiting, 2);
        waiting.publish();
        Thread shortLives = Thread.ofPlatform().daemon().start(this::openAndClose);

        watch(scenario);

        over = true;
        Advice advice = bus.advice();
        Causes found = causes;
        if (found != null) {
            found.close();
        }
        scenario.close();
        waiting.close();
        join(shortLives);
        awaitNoReceivers(bus);
        out.printf(
                Locale.ROOT,
                "lossless receivers beside lossy ones: %,d submitted, receivers ever %,d%n",
                waiting.accepted(),
                waiting.receiversEver());
        faults.check(waiting.accepted() > 0, "no publisher that waits came to publish");
        if (found != null) {
            found.print(out);
            out.println("advice: capacity " + advice.capacity() + "; " + advice.text());
        }
        return verdict(scenario);
    }

    /** A steady receiver of the main bus has been told of a lag. */
    private void lagged(int number, Lagged<Event> lagged) {
        Causes looking = causes;
        if (looking != null) {
            looking.lagged(number, lagged);
        }
    }

    private Causes causes() {
        List<Integer> onPlatformThreads =
                IntStream.range(0, options.receivers())
                        .filter(Scenario::onPlatformThread)
                        .boxed()
                        .toList();
        return new Causes(options.capacity(), options.rate(), onPlatformThreads);
    }

    /** One whose lags are nothing to look into. */
    private Scenario scenario(
            String name, Bus<Event> bus, int publishers, long rate, boolean waits) {
        return new Scenario(name, bus, faults, publishers, rate, waits, (number, lagged) -> {});
    }

    private void startOthers(Scenario scenario, int ofEach) {
        for (Behaviour behaviour : Behaviour.values()) {
            // Lags that somebody asked for would be in the advice too.
            boolean stalls = behaviour == Behaviour.STALLS;
            if (behaviour != Behaviour.STEADY && !(stalls && options.causes())) {
                scenario.start(behaviour, ofEach);
            }
        }
    }

    /** Small, so that its publishers wait all the time. */
    private static Bus<Event> waitingBus() {
        return Bus.builder().capacity(64).overflowWarnPerMinute(0).build();
    }

    /** Buses of every mode, small and smaller, that are closed while they are published to. */
    private void openAndClose() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!over) {
            Mode mode = MODES.get(random.nextInt(MODES.size()));
            Bus<Event> bus =
                    Bus.builder()
                            .mode(mode)
                            .capacity(2 << random.nextInt(9))
                            .amnesia(random.nextBoolean())
                            .overflowWarnPerMinute(0)
                            .build();
            Scenario scenario = scenario("short ", bus, 2, 20_000, random.nextBoolean());
            scenario.start(Behaviour.STEADY, 4);
            scenario.start(Behaviour.CLOSED_BY_ANOTHER, 1);
            scenario.start(Behaviour.EVICTED, 1);
            scenario.start(Behaviour.ABANDONS, 1);
            scenario.publish();
            LockSupport.parkNanos(random.nextLong(SHORT_LIFE));
            scenario.close();
            count(scenario);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(Scenario scenario) {
        shortBuses++;
        shortReceivers += scenario.receiversEver();
    }

    private void watch(Scenario scenario) {
        long began = System.nanoTime();
        long total = options.time().toNanos();
        long accepted = 0;
        long at = began;
        long turnsAt = began;
        for (long n = 1; System.nanoTime() - began < total && faults.count() == 0; n++) {
            pauseUntil(began, Math.min(n * interval(), total), total);
            long now = System.nanoTime();
            long published = scenario.accepted();
            double rate = (published - accepted) / ((now - at) / 1e9);
            accepted = published;
            at = now;
            long heap = liveHeap();
            heaps[measured++] = heap;
            report(scenario, rate, heap, now - began);
            if (now - turnsAt >= TURN) {
                turnsAt = now;
                lasting.forEach(Scenario::checkTurns);
            }
            if (n == 1) {
                missedAtStart = scenario.steadyMissed();
                handledAtStart = scenario.steadyHandled();
                acceptedAtStart = published;
                startedAt = now;
                causes = options.causes() ? causes() : null;
            }
        }
        checkRate(accepted - acceptedAtStart, at - startedAt);
    }

    /**
     * Publishers shed what they are late by, so a rate that the host does not sustain would be
     * tested as a lower one.
     */
    private void checkRate(long accepted, long nanos) {
        if (nanos > 0 && faults.count() == 0) {
            double rate = accepted / (nanos / 1e9);
            faults.check(
                    rate >= LEAST_RATE / 100 * options.rate(),
                    String.format(
                            Locale.ROOT,
                            "%,.0f events/s once warm where %,d were asked for:"
                                    + " the host does not sustain that rate",
                            rate,
                            options.rate()));
        }
    }

    /** Nanoseconds between two reports, each with a measurement of the heap. */
    private long interval() {
        return Math.clamp(options.time().toNanos() / 12, 1_000_000_000L, 5_000_000_000L);
    }

    private void report(Scenario scenario, double rate, long heap, long elapsed) {
        String line =
                String.format(
                        Locale.ROOT,
                        "%5d s  %,9.0f events/s  loss %.4f %%  heap %.2f MiB"
                                + "  receivers %d of %d ever  buses closed %d",
                        TimeUnit.NANOSECONDS.toSeconds(elapsed),
                        rate,
                        lossPercent(scenario),
                        heap / 1048576.0,
                        scenario.receivers(),
                        scenario.receiversEver() + shortReceivers,
                        shortBuses);
        out.println((terminal ? "\r\033[K" : "") + line);
    }

    /** Waits until {@code until} nanoseconds after the beginning, with a bar on a terminal. */
    private void pauseUntil(long began, long until, long total) {
        while (true) {
            long elapsed = System.nanoTime() - began;
            if (elapsed >= until) {
                return;
            }
            if (terminal) {
                int done = (int) (40 * elapsed / total);
                out.print(
                        "\r["
                                + "=".repeat(done)
                                + " ".repeat(40 - done)
                                + "] "
                                + 100 * elapsed / total
                                + " %");
                out.flush();
            }
            lasting.forEach(Scenario::settleAbandoned);
            LockSupport.parkNanos(Math.min(until - elapsed, 50_000_000));
        }
    }

    /**
     * Since the first report: what is lost while the JVM is still compiling is not the bus's steady
     * state.
     */
    private double lossPercent(Scenario scenario) {
        long missed = scenario.steadyMissed() - missedAtStart;
        long due = scenario.steadyHandled() - handledAtStart + missed;
        return due == 0 ? 0 : 100.0 * missed / due;
    }

    /** The smaller of a few measurements: what is being published meanwhile is in all of them. */
    private long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            // What the collection leaves of them goes with the next.
            lasting.forEach(Scenario::settleAbandoned);
            least = Math.min(least, usedHeap());
        }
        return least;
    }

    /** Read while the heap has one size: it may shrink between the two readings. */
    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        while (true) {
            long total = runtime.totalMemory();
            long free = runtime.freeMemory();
            if (total == runtime.totalMemory()) {
                return total - free;
            }
        }
    }

    private void awaitNoReceivers(Bus<Event> bus) {
        for (int i = 0; bus.stats().receivers() > 0 && i < 100; i++) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
        }
        int left = bus.stats().receivers();
        faults.check(left == 0, "receivers " + left + " though all are closed or abandoned");
    }

    private boolean verdict(Scenario scenario) {
        double loss = lossPercent(scenario);
        faults.check(
                loss <= options.maxLoss(),
                String.format(
                        Locale.ROOT,
                        "steady receivers lost %.4f %% once warm, allowed are %s %%",
                        loss,
                        options.maxLoss()));
        faults.check(
                scenario.steadyHandled() > 0 || options.receivers() == 0, "nothing was received");
        checkHeap();
        out.printf(
                Locale.ROOT,
                "published %,d, received by %d steady receivers %,d, missed %,d;"
                        + " receivers ever %,d, buses closed %,d%n",
                scenario.accepted(),
                options.receivers(),
                scenario.steadyHandled(),
                scenario.steadyMissed(),
                scenario.receiversEver() + shortReceivers,
                shortBuses);
        return balances();
    }

    private boolean balances() {
        if (faults.count() == 0) {
            out.println("every account balances");
            return true;
        }
        System.err.println(faults.count() + " faults, the first of them:");
        faults.first().forEach(fault -> System.err.println("  " + fault));
        return false;
    }

    private void checkHeap() {
        int third = measured / 3;
        // The flight recorder, by which pauses are found, keeps more the longer it runs.
        if (third == 0 || options.causes()) {
            return;
        }
        long first = median(0, third);
        long last = median(measured - third, measured);
        double difference = 100.0 * (last - first) / first;
        String line =
                String.format(
                        Locale.ROOT,
                        "live heap %.2f MiB in the first third, %.2f MiB in the last: %+.1f %%",
                        first / 1048576.0,
                        last / 1048576.0,
                        difference);
        out.println(line);
        faults.check(Math.abs(difference) <= HEAP_TOLERANCE, line);
    }

    private long median(int from, int to) {
        long[] values = Arrays.copyOfRange(heaps, from, to);
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void join(Thread thread) {
        try {
            faults.check(thread.join(Duration.ofMinutes(2)), "short-lived buses do not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
