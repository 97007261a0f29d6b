package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Lagged;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Whose pause each lag was. A receiver that lags was away for as long as the events last that it is
 * behind by. Of that time this says for how much of it the JVM had stopped all threads, for how
 * much the receiver's carriers were ready and waited for a processor, and who had the processors
 * meanwhile. The largest part is the cause.
 */
final class Causes implements AutoCloseable {
    static final Path THREADS = Path.of("/proc/self/task");

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);

    /** The recorder tells of a pause a second later for the most; a lag is judged after that. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(4);

    /** Samples that are kept: those of many seconds. */
    private static final int KEPT = 1 << 14;

    /** The groups of threads that are looked at; the platform threads that receive follow. */
    private static final List<String> GROUPS =
            List.of("carriers", "publishers", "collector", "compilers");

    private static final int CARRIERS = 0;

    private static final List<Pattern> NAMES =
            List.of(
                    Pattern.compile("ForkJoinPool-1-.*"),
                    Pattern.compile("publisher-[0-9]+"),
                    Pattern.compile("GC Thread.*|G1 .*|VM Thread"),
                    Pattern.compile("C[12] Compiler.*"));

    /** What a lag comes of, and how the table calls it. */
    enum Cause {
        STOPPED("the JVM had stopped all threads"),
        WAITED("ready, but without a processor"),
        NEITHER("neither: others ran on its carriers, or it slept");

        private final String text;

        Cause(String text) {
            this.text = text;
        }
    }

    /**
     * A lag.
     *
     * @param at when the receiver was told
     * @param missed how many messages
     * @param away for how many nanoseconds the receiver had been away
     * @param group of the threads that could have run it
     */
    private record Lag(long at, long missed, long away, int group) {
        private long from() {
            return at - away;
        }
    }

    /** Parts of the time that a receiver was away, each from 0 to 1. */
    record Shares(double stopped, double waited) {
        Cause largest() {
            double neither = 1 - stopped - waited;
            if (stopped >= waited && stopped >= neither) {
                return Cause.STOPPED;
            }
            return waited >= neither ? Cause.WAITED : Cause.NEITHER;
        }
    }

    /** All lags of one cause. */
    private static final class Tally {
        private long lags;
        private long missed;
        private long away;
        private long longest;
    }

    private final int capacity;
    private final double nanosEach;
    private final int carriers = carriers();
    private final List<Integer> platform;
    private final ThreadTimes times;
    private final Pauses pauses = new Pauses();
    private final Queue<Lag> lags = new ConcurrentLinkedQueue<>();
    private final Map<Cause, Tally> tallies = new EnumMap<>(Cause.class);

    /** Who had the processors while receivers were away, in nanoseconds, by group. */
    private final double[] had = new double[GROUPS.size()];

    private final long[] at = new long[KEPT];
    private final long[][] samples;
    private final Thread sampler = Thread.ofPlatform().daemon().name("causes").unstarted(this::run);
    private long taken;
    private volatile boolean over;

    /**
     * Begins to look.
     *
     * @param capacity of the bus
     * @param rate events a second
     * @param platform the numbers of the receivers that are platform threads, named {@code steady-}
     *     and the number
     */
    Causes(int capacity, int rate, List<Integer> platform) {
        this.capacity = capacity;
        this.nanosEach = 1e9 / rate;
        this.platform = platform;
        List<Pattern> groups = new ArrayList<>(NAMES);
        platform.forEach(number -> groups.add(Pattern.compile("steady-" + number)));
        times = new ThreadTimes(THREADS, groups);
        samples = new long[KEPT][2 * groups.size()];
        sampler.start();
    }

    private static int carriers() {
        return Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism",
                Runtime.getRuntime().availableProcessors());
    }

    /** To be called by the receiver of that number as soon as it is told of a lag. */
    void lagged(int number, Lagged<Event> lagged) {
        int group = platform.indexOf(number);
        lags.add(
                new Lag(
                        Pauses.now(),
                        lagged.missed(),
                        (long) ((capacity + lagged.missed()) * nanosEach),
                        group < 0 ? CARRIERS : GROUPS.size() + group));
    }

    private void run() {
        long looked = 0;
        while (!over) {
            if (taken % 128 == 0) {
                times.look();
            }
            sample();
            if (taken - looked >= 1024) {
                looked = taken;
                judgeUntil(Pauses.now() - PATIENCE);
            }
            LockSupport.parkNanos(TICK);
        }
        sample();
    }

    private void sample() {
        int slot = (int) (taken % KEPT);
        at[slot] = Pauses.now();
        times.read(samples[slot]);
        taken++;
    }

    private void judgeUntil(long until) {
        while (!lags.isEmpty() && lags.peek().at < until) {
            judge(lags.remove());
        }
    }

    private void judge(Lag lag) {
        // What a thread has waited is counted when it gets its processor; that is seen a tick
        // later.
        long to = lag.at + TICK;
        int threads = lag.group == CARRIERS ? carriers : 1;
        double waited = counted(2 * lag.group + 1, lag.from(), to) / threads;
        double stopped = (double) pauses.within(lag.from(), lag.at);
        Cause cause = shares((double) lag.away, stopped, waited).largest();
        Tally tally = tallies.computeIfAbsent(cause, first -> new Tally());
        tally.lags++;
        tally.missed += lag.missed;
        tally.away += lag.away;
        tally.longest = Math.max(tally.longest, lag.away);
        for (int group = 0; group < had.length; group++) {
            had[group] += counted(2 * group, lag.from(), to);
        }
    }

    /**
     * The parts of the time.
     *
     * @param away for how long the receiver was away, all in nanoseconds
     * @param stopped for how much of that all threads were stopped
     * @param waited for how long its threads waited for a processor. Linux counts a wait when it
     *     ends, so it may have begun before; and one may lie within a stop
     */
    static Shares shares(double away, double stopped, double waited) {
        double all = Math.min(1, stopped / away);
        return new Shares(all, Math.clamp(waited / away, 0, 1 - all));
    }

    /** How much a column has grown between two times, as far as samples of then are kept. */
    private double counted(int column, long from, long to) {
        return value(column, to) - value(column, from);
    }

    /** A column at a time, on the line between the samples before and after. */
    private double value(int column, long time) {
        long oldest = Math.max(0, taken - KEPT);
        long low = oldest;
        long high = taken - 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at[(int) (middle % KEPT)] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int after = (int) (low % KEPT);
        if (low == oldest || at[after] <= time) {
            return samples[after][column];
        }
        int before = (int) ((low - 1) % KEPT);
        double part = (double) (time - at[before]) / (at[after] - at[before]);
        return samples[before][column] + part * (samples[after][column] - samples[before][column]);
    }

    /** Judges what has not been judged yet. */
    @Override
    public void close() {
        over = true;
        boolean interrupted = false;
        while (true) {
            try {
                sampler.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        pauses.close();
        judgeUntil(Long.MAX_VALUE);
        times.close();
    }

    /** Prints a table of what has been judged; to be called when this is closed. */
    void print(PrintStream out) {
        out.println("| what the receiver was | lags | missed | away, ms, mean | longest |");
        out.println("|---|---|---|---|---|");
        double away = 0;
        for (Cause cause : Cause.values()) {
            Tally tally = tallies.getOrDefault(cause, new Tally());
            away += tally.away;
            out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %.1f | %.1f |%n",
                    cause.text,
                    tally.lags,
                    tally.missed,
                    tally.lags == 0 ? 0 : tally.away / 1e6 / tally.lags,
                    tally.longest / 1e6);
        }
        StringBuilder text = new StringBuilder("of the processors' time meanwhile had:");
        double of = Math.max(1, away) * Runtime.getRuntime().availableProcessors();
        double rest = 100;
        for (int group = 0; group < had.length; group++) {
            double percent = 100 * had[group] / of;
            rest -= percent;
            text.append(String.format(Locale.ROOT, " %s %.0f %%,", GROUPS.get(group), percent));
        }
        out.println(
                text.append(
                        String.format(
                                Locale.ROOT,
                                " everybody else or nobody %.0f %%",
                                Math.max(0, rest))));
    }
}
