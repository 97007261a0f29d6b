package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Publishes at a given rate, or flat out, from one platform thread. */
final class SyntheticLoad implements AutoCloseable {
    private static final Event EVENT = new Event.Health(Kind.LOAD_SERVICE, true);

    /** Published with one call at most; also how often the end of the load is looked for. */
    private static final int BURST = 256;

    private static final List<Event> FULL_BURST = Collections.nCopies(BURST, EVENT);

    /** A park shorter than this costs more than the pacing gains. */
    private static final long SHORTEST_REST = TimeUnit.MICROSECONDS.toNanos(100);

    /** A park longer than this would delay the end. */
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(100);

    private final CountingSender sender;
    private final Thread thread;
    private volatile long rate;
    private volatile boolean stopped;

    SyntheticLoad(CountingSender sender, long rate) {
        this.sender = sender;
        this.rate = rate;
        this.thread = Thread.ofPlatform().name("synthetic-load").daemon().start(this::run);
    }

    /** The rate asked for. */
    long rate() {
        return rate;
    }

    /** Publishes at another rate from now on. */
    void setRate(long rate) {
        this.rate = rate;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            long now = rate;
            if (now == Arguments.FLAT_OUT) {
                sender.publishAll(FULL_BURST);
            } else if (now == 0) {
                LockSupport.park(this);
            } else {
                paced(now);
            }
        }
    }

    /**
     * Publishes what is due by the clock, then rests until more is: the rate holds on average
     * whatever a single park takes, in bursts where it is higher than one event for each park.
     */
    private void paced(long at) {
        double perNano = at / 1e9;
        long began = System.nanoTime();
        long sent = 0;
        while (!stopped && rate == at) {
            long due = (long) ((System.nanoTime() - began) * perNano) - sent;
            if (due > 0) {
                int burst = (int) Math.min(due, BURST);
                sender.publishAll(burst == BURST ? FULL_BURST : Collections.nCopies(burst, EVENT));
                sent += burst;
            } else {
                long next = (long) ((sent + 1) / perNano) - (System.nanoTime() - began);
                LockSupport.parkNanos(Math.clamp(next, SHORTEST_REST, LONGEST_REST));
            }
        }
    }

    /** Ends the load; once this returns its count is final. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
