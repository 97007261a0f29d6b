package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.bench.peer.Peer;
import dev.rustyonions.bus.bench.peer.Peers;
import dev.rustyonions.bus.bench.peer.Tick;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Publishers on platform threads and receivers running at the same time, flat out or at a fixed
 * rate.
 */
final class Stream {
    /** As a rate: no pause between publishes. */
    static final double FLAT_OUT = Double.POSITIVE_INFINITY;

    /** Events between two looks at the clock of a publisher that goes flat out. */
    private static final int UNWATCHED = 64;

    private final String peer;
    private final int producers;
    private final int receivers;
    private final int capacity;
    private final boolean spin;

    Stream(String peer, int producers, int receivers, int capacity, boolean spin) {
        this.peer = peer;
        this.producers = producers;
        this.receivers = receivers;
        this.capacity = capacity;
        this.spin = spin;
    }

    /**
     * Runs each peer for a moment, at a rate and flat out, before any is measured. The compiler's
     * threads take processors, and what it compiles for the first peer serves all: whoever is
     * measured first would pay for the others.
     */
    static void warmUp(List<String> peers) throws InterruptedException {
        long nanos = Settings.millis() * 1_000_000L;
        for (String peer : peers) {
            Stream stream = new Stream(peer, 1, Settings.fanout(), Settings.capacity(), false);
            stream.run(1_000_000, nanos);
            stream.run(FLAT_OUT, nanos);
        }
    }

    /** Runs for so long; {@code rate} is that of all producers together, in events a second. */
    Outcome run(double rate, long nanos) throws InterruptedException {
        return run(rate, nanos, Collections.nCopies(receivers, tick -> {}));
    }

    Outcome run(double rate, long nanos, List<Consumer<Tick>> onTick) throws InterruptedException {
        Peer system = Peers.make(peer, capacity, spin);
        ReceiverThreads receiverThreads =
                new ReceiverThreads(system, receivers, producers, spin, onTick);
        long[] published = new long[producers];
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .start(
                                    () -> {
                                        await(go);
                                        published[producer] =
                                                rate == FLAT_OUT
                                                        ? flatOut(system, producer, nanos)
                                                        : paced(
                                                                system,
                                                                producer,
                                                                rate / producers,
                                                                nanos);
                                    }));
        }
        long begun = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        long publishedAt = System.nanoTime();
        long missed = receiverThreads.settle(published);
        long drainedAt = System.nanoTime();
        long total = 0;
        for (long count : published) {
            total += count;
        }
        return new Outcome(
                total,
                receiverThreads.delivered(),
                missed,
                system.waits(),
                publishedAt - begun,
                drainedAt - begun);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long flatOut(Peer system, int producer, long nanos) {
        long end = System.nanoTime() + nanos;
        long index = 0;
        do {
            for (int i = 0; i < UNWATCHED; i++) {
                system.publish(new Tick(producer, index++, 0));
            }
        } while (System.nanoTime() < end);
        return index;
    }

    /**
     * Publishes each event when it is due; one that is late is published at once, and its lateness
     * counts, because {@link Tick#due()} is when it should have been.
     */
    private static long paced(Peer system, int producer, double rate, long nanos) {
        double gap = 1e9 / rate;
        long count = (long) (nanos / gap);
        long begun = System.nanoTime();
        for (long index = 0; index < count; index++) {
            long due = begun + (long) (index * gap);
            Pace.until(due);
            system.publish(new Tick(producer, index, due));
        }
        return count;
    }

    /**
     * The highest rate, within a tenth, at which less than 0.01 % is lost, and what came of it;
     * flat out if that loses nothing.
     */
    Outcome fastestLossless(long nanos) throws InterruptedException {
        run(FLAT_OUT, nanos);
        Outcome flatOut = run(FLAT_OUT, nanos);
        if (flatOut.isLossless()) {
            return flatOut;
        }
        double high = flatOut.publishedPerSecond();
        double low = high / 2;
        Outcome best = run(low, nanos);
        while (!best.isLossless() && low > 1_000) {
            high = low;
            low /= 2;
            best = run(low, nanos);
        }
        while (high / low > 1.1) {
            double middle = Math.sqrt(high * low);
            Outcome outcome = run(middle, nanos);
            if (outcome.isLossless()) {
                low = middle;
                best = outcome;
            } else {
                high = middle;
            }
        }
        return best;
    }
}
