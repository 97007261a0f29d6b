package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Channel;
import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * Times one in so many messages, for the observers that asked for it. There is none while nobody
 * did.
 */
final class Sampler {
    /*
     * The time of publication travels beside the ring, not in the message: every message would pay
     * for it. It has to be written before the message can be received, hence before its sequence is
     * certain. The publisher takes the tail hint for it. Where several publishers contend for the
     * sampled sequence each leaves its own stamp, moments apart, and if none of them had foreseen
     * that it would get it, there is none and the message is not sampled.
     *
     * Stamps are pairs of longs, key and time, in an array of their own. A writer claims a pair by
     * moving its key to BUSY, and only from a key not above its own; a reader takes the time only
     * if it found the key before and after. So keys of a pair rise, a writer preempted half-way
     * loses samples and never passes off one message's time as another's.
     */
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final long NONE = -1;
    private static final long BUSY = -2;

    /**
     * Longs before and after the pairs, so that what lies beside the array in memory does not share
     * their cache lines.
     */
    private static final int PADDING = 16;

    private static final int FEWEST_PAIRS = 4;

    /** What {@link #beginBatch} returns where nothing is to be sampled. */
    static final long NOT_SAMPLED = 0;

    private final Channel channel;
    private final Observation[] observations;
    private final int mask;
    private final int shift;
    private final int pairMask;
    private final long[] stamps;

    /**
     * Makes a sampler.
     *
     * @param channel where to publish
     * @param observations those that want samples, at least one
     */
    Sampler(Channel channel, Observation[] observations) {
        this.channel = channel;
        this.observations = observations;
        int every = Integer.MAX_VALUE;
        for (Observation observation : observations) {
            every = Math.min(every, observation.sampleMask() + 1);
        }
        this.mask = every - 1;
        this.shift = Integer.numberOfTrailingZeros(every);
        int pairs = Math.max(FEWEST_PAIRS, 2 * (channel.capacity() >>> shift));
        this.pairMask = pairs - 1;
        this.stamps = new long[2 * (PADDING + pairs)];
        Arrays.fill(stamps, NONE);
    }

    boolean serves(Observation observation) {
        return Arrays.asList(observations).contains(observation);
    }

    // ---- publishers ----

    long publish(Object event) {
        long expected = channel.tailHint();
        return (expected & mask) == 0 ? publishTimed(event, expected) : channel.publish(event);
    }

    private long publishTimed(Object event, long expected) {
        long began = System.nanoTime();
        stamp(expected, began);
        long sequence = channel.publish(event);
        if (sequence != Ring.CLOSED) {
            published(expected, sequence, System.nanoTime() - began);
        }
        return sequence;
    }

    /**
     * Stamps the sampled messages of a batch about to be published; the time, or
     * {@link #NOT_SAMPLED} if it has none.
     */
    long beginBatch(int events) {
        long expected = channel.tailHint();
        long sampled = roundUp(expected);
        if (sampled >= expected + events) {
            return NOT_SAMPLED;
        }
        long now = System.nanoTime();
        for (long s = sampled; s < expected + events; s += mask + 1) {
            stamp(s, now);
        }
        return now == NOT_SAMPLED ? 1 : now;
    }

    /** Records the cost of a batch for which {@link #beginBatch} returned a time. */
    void endBatch(long began, long accepted) {
        if (accepted > 0) {
            long nanos = (System.nanoTime() - began) / accepted;
            long sampled = roundUp(channel.tailHint() - accepted);
            published(sampled, sampled, nanos);
        }
    }

    private long roundUp(long sequence) {
        return sequence + mask & ~(long) mask;
    }

    private void published(long expected, long sequence, long nanos) {
        for (Observation observation : observations) {
            if ((expected & observation.sampleMask()) == 0) {
                observation.published(sequence, nanos);
            }
        }
    }

    // ---- receivers ----

    /** To be called with each message that a receiver has taken, its filter passed. */
    void received(@Nullable String receiver, long sequence) {
        if ((sequence & mask) == 0) {
            receivedTimed(receiver, sequence);
        }
    }

    private void receivedTimed(@Nullable String receiver, long sequence) {
        int at = pair(sequence);
        if ((long) LONGS.getAcquire(stamps, at) != sequence) {
            return;
        }
        long began = (long) LONGS.getOpaque(stamps, at + 1);
        VarHandle.loadLoadFence();
        if ((long) LONGS.getOpaque(stamps, at) != sequence) {
            return;
        }
        long nanos = Math.max(0, System.nanoTime() - began);
        for (Observation observation : observations) {
            if ((sequence & observation.sampleMask()) == 0) {
                observation.received(Optional.ofNullable(receiver), sequence, nanos);
            }
        }
    }

    // ---- stamps ----

    /** Notes when {@code sequence} was about to be published, unless a newer one has its place. */
    void stamp(long sequence, long now) {
        int at = pair(sequence);
        long key = (long) LONGS.getOpaque(stamps, at);
        if (key > sequence || key == BUSY || !LONGS.compareAndSet(stamps, at, key, BUSY)) {
            return;
        }
        VarHandle.storeStoreFence();
        LONGS.setOpaque(stamps, at + 1, now);
        LONGS.setRelease(stamps, at, sequence);
    }

    private int pair(long sequence) {
        return PADDING + 2 * ((int) (sequence >>> shift) & pairMask);
    }
}
