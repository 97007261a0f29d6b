package dev.rustyonions.bus.console;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The time from publish to receive of sampled messages of one bus. One in how many is sampled
 * follows the traffic, so that a bus with few messages has points in its plot, and one with
 * millions does not pay for each.
 *
 * <p>Thread safety: {@link #sample}, {@link #take} and {@link #close} are for one thread at a time;
 * samples come from any number of receivers.
 */
final class Latencies implements AutoCloseable {
    /**
     * What receivers took in the time between two readings.
     *
     * @param median of the samples, in microseconds; -1 if there was none
     * @param high the 99th percentile, likewise
     */
    record Percentiles(double median, double high) {
        static final Percentiles NONE = new Percentiles(-1, -1);
    }

    /** Samples a second of all receivers together, about. */
    private static final int WANTED = 1_000;

    /** The bus keeps a stamp for each sampled message of its window: so many at most. */
    private static final int MOST_STAMPS = 2_048;

    private static final int RAREST = 1 << 20;

    /** The rate is left until it is off by this much, as a change loses the samples under way. */
    private static final int SLACK = 4;

    /** Buckets for each doubling: a percentile is off by an eighth at most. */
    private static final int PARTS = 8;

    private static final int PART_BITS = 3;

    private final Bus<?> bus;

    /** Samples by length; from one doubling to the next in equal parts. */
    private final AtomicLongArray buckets = new AtomicLongArray(PARTS * Long.SIZE);

    private BusObserver.@Nullable Registration registration;
    private int every;

    Latencies(Bus<?> bus) {
        this.bus = bus;
    }

    /**
     * Begins to sample, or goes on as often as that traffic allows.
     *
     * @param published messages a second
     * @param receivers how many take each of them
     */
    void sample(double published, int receivers) {
        int wanted = every(published, receivers, bus.capacity());
        if (registration != null && wanted < SLACK * every && every < SLACK * wanted) {
            return;
        }
        close();
        every = wanted;
        registration =
                bus.observe(
                        new BusObserver() {
                            @Override
                            public int sampleEvery() {
                                return wanted;
                            }

                            @Override
                            public void received(
                                    Optional<String> receiver, long sequence, long nanos) {
                                buckets.getAndIncrement(bucket(nanos));
                            }
                        });
    }

    /** One in how many messages to sample; a power of two. */
    static int every(double published, int receivers, int capacity) {
        double all = published * receivers / WANTED;
        // However many receivers there are, a message a second is sampled.
        double wanted = Math.max(Math.min(all, published), (double) capacity / MOST_STAMPS);
        return Integer.highestOneBit((int) Math.clamp(wanted, 1, RAREST));
    }

    /** The percentiles of the samples since the last call. */
    Percentiles take() {
        long[] taken = new long[buckets.length()];
        long samples = 0;
        for (int i = 0; i < taken.length; i++) {
            if (buckets.get(i) > 0) {
                taken[i] = buckets.getAndSet(i, 0);
                samples += taken[i];
            }
        }
        return samples == 0
                ? Percentiles.NONE
                : new Percentiles(at(taken, samples, 0.5), at(taken, samples, 0.99));
    }

    /** In microseconds, what that share of the samples does not exceed. */
    private static double at(long[] taken, long samples, double share) {
        long left = (long) Math.ceil(samples * share);
        int i = 0;
        while (left > taken[i]) {
            left -= taken[i++];
        }
        return end(i) / 1e3;
    }

    /** The bucket of a length: its highest bit, and the bits that follow. */
    static int bucket(long nanos) {
        if (nanos < PARTS) {
            return (int) Math.max(0, nanos);
        }
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - PART_BITS;
        return PARTS * doubling + (int) (nanos >>> doubling);
    }

    /** The longest of a bucket, in nanoseconds. */
    static double end(int bucket) {
        if (bucket < 2 * PARTS) {
            return bucket;
        }
        int doubling = bucket / PARTS - 1;
        return Math.scalb(bucket % PARTS + PARTS + 1.0, doubling) - 1;
    }

    /** Ends sampling, until it is begun again. */
    @Override
    public void close() {
        BusObserver.Registration ended = registration;
        registration = null;
        if (ended != null) {
            ended.close();
        }
    }
}
