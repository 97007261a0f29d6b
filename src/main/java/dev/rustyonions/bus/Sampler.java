package dev.rustyonions.bus;

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
     * certain. The publisher takes the sequence it expects, the tail hint. If another publisher
     * gets that sequence, the stamp must not pass for the time of the other's message: it also
     * holds the identity of the event, and a receiver uses it only if that is the event it was
     * given. If no publisher expected the sequence that its event got, the message has no stamp and
     * is not sampled.
     *
     * Stamps are groups of longs in an array of their own: key, time, identity. A writer claims a
     * group by moving its key to BUSY, and only from a key not above its own; a reader takes the
     * rest only if it found the key before and after. So keys of a group rise, and a writer
     * preempted half-way loses samples and never passes off one message's time as another's.
     */
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final long NONE = -1;
    private static final long BUSY = -2;

    /**
     * Longs before and after the stamps, so that what lies beside the array in memory does not
     * share their cache lines.
     */
    private static final int PADDING = 16;

    private static final int FEWEST_STAMPS = 4;

    /** Longs from one stamp to the next; a power of two, so one is unused. */
    private static final int STAMP = 4;

    /** What {@link #beginBatch} returns where nothing is to be sampled. */
    static final long NOT_SAMPLED = 0;

    private final Ring ring;
    private final Observation[] observations;
    private final int mask;
    private final int shift;
    private final int stampMask;
    private final long[] stamps;

    /**
     * Makes a sampler.
     *
     * @param ring where messages are published
     * @param observations those that want samples, at least one
     */
    Sampler(Ring ring, Observation[] observations) {
        this.ring = ring;
        this.observations = observations;
        int every = Integer.MAX_VALUE;
        for (Observation observation : observations) {
            every = Math.min(every, observation.sampleMask() + 1);
        }
        this.mask = every - 1;
        this.shift = Integer.numberOfTrailingZeros(every);
        int places = Math.max(FEWEST_STAMPS, 2 * (ring.capacity() >>> shift));
        this.stampMask = places - 1;
        this.stamps = new long[2 * PADDING + STAMP * places];
        Arrays.fill(stamps, NONE);
    }

    boolean serves(Observation observation) {
        return Arrays.asList(observations).contains(observation);
    }

    // ---- publishers ----

    /** The sequence that an event published now gets, unless another publisher takes it first. */
    long expected() {
        return ring.hint();
    }

    boolean isSampled(long sequence) {
        return (sequence & mask) == 0;
    }

    /**
     * To be called before an event is published at the sampled sequence that is expected for it.
     *
     * @return the time, for {@link #end}
     */
    long begin(long expected, Object event) {
        long now = System.nanoTime();
        stamp(expected, now, event);
        return now;
    }

    /** Tells what the publication cost for which {@link #begin} returned {@code began}. */
    void end(long expected, long sequence, long began) {
        published(expected, sequence, System.nanoTime() - began);
    }

    /** The time at which a batch begins; never {@link #NOT_SAMPLED}. */
    static long beginBatch() {
        long now = System.nanoTime();
        return now == NOT_SAMPLED ? 1 : now;
    }

    /** To be called before each event of a batch is published. */
    void beforeAppend(long expected, Object event, long began) {
        if (isSampled(expected)) {
            stamp(expected, began, event);
        }
    }

    /**
     * Tells what each event of a batch cost, if there was a sampled one among the last appended.
     */
    void endBatch(long began, long accepted) {
        long end = Math.max(accepted, ring.hint()); // a publisher that was stopped may set it back
        long sampled = end - accepted + mask & ~(long) mask;
        if (sampled < end) {
            published(sampled, sampled, (System.nanoTime() - began) / accepted);
        }
    }

    private void published(long expected, long sequence, long nanos) {
        for (Observation observation : observations) {
            if ((expected & observation.sampleMask()) == 0) {
                observation.published(sequence, nanos);
            }
        }
    }

    // ---- receivers ----

    /**
     * To be called with each message that a receiver has taken, its filter passed.
     *
     * @param subscribedAt the tail at its subscription: what was published before it has not been
     *     on its way since
     */
    void received(@Nullable String receiver, Message<?> message, long subscribedAt) {
        long sequence = message.sequence();
        if (isSampled(sequence) && sequence >= subscribedAt) {
            receivedTimed(receiver, message, sequence);
        }
    }

    private void receivedTimed(@Nullable String receiver, Message<?> message, long sequence) {
        int at = place(sequence);
        if ((long) LONGS.getAcquire(stamps, at) != sequence) {
            return;
        }
        long began = (long) LONGS.getOpaque(stamps, at + 1);
        long identity = (long) LONGS.getOpaque(stamps, at + 2);
        VarHandle.loadLoadFence();
        if ((long) LONGS.getOpaque(stamps, at) != sequence
                || identity != System.identityHashCode(message.event())) {
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

    /**
     * Notes when {@code event} was about to be published, at {@code sequence} as expected, unless a
     * newer one has its place.
     */
    void stamp(long sequence, long now, Object event) {
        int at = place(sequence);
        long key = (long) LONGS.getOpaque(stamps, at);
        if (key > sequence || key == BUSY || !LONGS.compareAndSet(stamps, at, key, BUSY)) {
            return;
        }
        VarHandle.storeStoreFence();
        LONGS.setOpaque(stamps, at + 1, now);
        LONGS.setOpaque(stamps, at + 2, (long) System.identityHashCode(event));
        LONGS.setRelease(stamps, at, sequence);
    }

    private int place(long sequence) {
        return PADDING + STAMP * ((int) (sequence >>> shift) & stampMask);
    }
}
