package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much larger the window of a bus would have had to be at each lag, and what follows from that.
 * Lock-free; written by lagging receivers.
 */
final class LagSizes {
    /*
     * A lag tells how far a receiver was behind: the capacity, plus what it has missed since it was
     * last up to date. A window of that size would have held. One lag alone would say too little of
     * a receiver that lags again and again without catching up: its deficit grows.
     *
     * Sizes are counted by powers of two, which capacities are. Once a minute all counts are
     * halved, so that the advice follows the load. If two threads do that at once, or one counts
     * meanwhile, a few counts are off: they are for a percentile.
     *
     * The counts are made at the first lag, because most buses never have one and making a bus is
     * to be cheap.
     */
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle COUNTS =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "counts",
                    VarHandle.class,
                    LagSizes.class,
                    long[].class);
    private static final VarHandle HALVED_AT =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "halvedAt",
                    VarHandle.class,
                    LagSizes.class,
                    long.class);

    private static final long HALF_LIFE = TimeUnit.MINUTES.toNanos(1);

    /** What a lag counts before it is halved: so often can it be halved before it is forgotten. */
    private static final long WEIGHT = 1L << 20;

    private static final int SIZES = Long.SIZE;

    /** How far one receiver is behind. Used by the receiver's thread. */
    static final class Deficit {
        private final @Nullable String receiver;
        private final long id;

        /** What it has missed since it was last up to date. */
        private long missed;

        /** Where it went on after the last lag. */
        private long resumedAt;

        /**
         * Begins with none.
         *
         * @param receiver the receiver's name, or null
         * @param id the number of its subscription
         */
        Deficit(@Nullable String receiver, long id) {
            this.receiver = receiver;
            this.id = id;
        }
    }

    /**
     * A receiver that no capacity would have kept from lagging.
     *
     * @param paused whether it missed all that in one lag
     */
    private record Slow(String receiver, long missed, boolean paused) {
        private String text() {
            String format =
                    paused
                            ? "No capacity would have held: receiver %s stopped for so long that it"
                                    + " missed %,d messages at once. Look for what stopped it: its"
                                    + " handler, a pause of the JVM, a busy machine."
                            : "No capacity would hold: receiver %s has missed %,d messages without"
                                    + " catching up, so it is slower than the publishers on"
                                    + " average. Make its handler faster, let it receive less by a"
                                    + " filter or by conflation, or make it lossless and let the"
                                    + " publishers wait for it.";
            return String.format(Locale.ROOT, format, receiver, missed);
        }
    }

    private final int capacity;
    private final LongSupplier clock;
    private final AtomicLong lags = new AtomicLong();
    private final AtomicLong largest = new AtomicLong();

    /** By the exponent of the size; null until the first lag. */
    private volatile long @Nullable [] counts;

    private volatile long halvedAt;
    private volatile @Nullable Slow slow;

    LagSizes(int capacity, LongSupplier clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    /**
     * Counts a lag.
     *
     * @param of the receiver's deficit, which this updates
     * @param from the first sequence lost
     * @param missed how many were lost
     * @param dryAt where the receiver last found nothing to read
     * @param latestOnLag whether the receiver goes on with the newest message
     */
    void lagged(Deficit of, long from, long missed, long dryAt, boolean latestOnLag) {
        of.missed = (dryAt >= of.resumedAt ? 0 : of.missed) + missed;
        of.resumedAt = from + missed;
        // One that goes on with the newest has skipped what was still in the window.
        long needed = of.missed + (latestOnLag ? 1 : capacity);
        long[] counts = countsOrNew();
        halve(counts);
        COUNT.getAndAdd(counts, sizeOf(needed), WEIGHT);
        lags.getAndIncrement();
        long before = largest.get();
        while (before < needed && !largest.compareAndSet(before, needed)) {
            before = largest.get();
        }
        if (needed > Ring.MAX_CAPACITY) {
            String receiver = of.receiver == null ? "with id " + of.id : of.receiver;
            slow = new Slow(receiver, of.missed, of.missed == missed);
        }
    }

    /** The exponent of the smallest power of two that is not below {@code needed}. */
    private static int sizeOf(long needed) {
        return SIZES - Long.numberOfLeadingZeros(needed - 1);
    }

    private long[] countsOrNew() {
        long[] there = counts;
        if (there != null) {
            return there;
        }
        halvedAt = clock.getAsLong();
        long[] made = new long[SIZES];
        long[] before = (long[]) COUNTS.compareAndExchange(this, (long[]) null, made);
        return before == null ? made : before;
    }

    private void halve(long[] counts) {
        long now = clock.getAsLong();
        long last = halvedAt;
        long times = (now - last) / HALF_LIFE;
        if (times > 0 && HALVED_AT.compareAndSet(this, last, last + times * HALF_LIFE)) {
            for (int i = 0; i < SIZES; i++) {
                long count = (long) COUNT.getOpaque(counts, i);
                COUNT.getAndAdd(counts, i, (count >> Math.min(times, Long.SIZE - 1)) - count);
            }
        }
    }

    /** Says what the lags of late ask for. */
    Advice advice() {
        long all = 0;
        long[] of = new long[SIZES];
        long[] counts = this.counts;
        if (counts != null) {
            halve(counts);
            for (int i = 0; i < SIZES; i++) {
                of[i] = Math.max(0, (long) COUNT.getOpaque(counts, i));
                all += of[i];
            }
        }
        if (all == 0) {
            String since = lags.get() == 0 ? "" : " of late";
            String text =
                    "No receiver has lagged" + since + ": the capacity " + capacity + " holds.";
            return new Advice(capacity, largest.get(), lags.get(), text);
        }
        long within = 0;
        int size = 0;
        while (size < SIZES - 1 && (within + of[size]) * 100 < all * 99) {
            within += of[size++];
        }
        Slow slowest = slow;
        if (1L << size > Ring.MAX_CAPACITY && slowest != null) {
            return new Advice(0, largest.get(), lags.get(), slowest.text());
        }
        int advised = 1 << Math.clamp(size, 1, 16);
        return new Advice(
                advised,
                largest.get(),
                lags.get(),
                String.format(
                        Locale.ROOT,
                        "A capacity of %d would have held at 99 of 100 lags of late; the worst so"
                                + " far would have needed %,d. The capacity is %d.",
                        advised,
                        largest.get(),
                        capacity));
    }
}
