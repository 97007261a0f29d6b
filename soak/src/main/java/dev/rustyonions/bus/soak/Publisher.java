package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered events at a rate until told to stop or the bus is closed, and counts what the
 * bus accepted. After it was held up, by a collection for instance, it makes up for that at
 * {@link #HASTE} times the rate: a burst at full speed would be a rate that nobody asked for. One
 * that waits for lossless receivers publishes by the calls that do.
 */
final class Publisher implements Runnable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LIST = 16;
    private static final double HASTE = 1.25;

    /** A round lasts this long for the most, whatever the clock says. */
    private static final long LONGEST_ROUND = 2 * TICK;

    private final Bus<Event> bus;
    private final int index;
    private final long rate;
    private final boolean waits;
    private volatile long accepted;
    private volatile boolean stopped;
    private long offered;
    private boolean open = true;

    Publisher(Bus<Event> bus, int index, long rate, boolean waits) {
        this.bus = bus;
        this.waits = waits;
        this.index = index;
        this.rate = rate;
    }

    /** Events accepted so far; final once the thread has ended. */
    long accepted() {
        return accepted;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        long began = System.nanoTime();
        long last = began;
        for (long round = 0; open && !stopped; round++) {
            long now = System.nanoTime();
            long due = rate == 0 ? offered + 256 : due(now - began, now - last);
            last = now;
            switch ((int) (round % 3)) {
                case 0 -> single(due);
                case 1 -> lists(due);
                default -> batches(due);
            }
            if (rate > 0) {
                LockSupport.parkNanos(TICK);
            }
        }
    }

    /**
     * How many are to be offered so far, {@code elapsed} nanoseconds after the first round and
     * {@code since} after the last.
     */
    private long due(long elapsed, long since) {
        // One at least: at a low rate a round's share is less, and would never be offered.
        double most = offered + Math.max(1, HASTE * rate * Math.min(since, LONGEST_ROUND) / 1e9);
        return (long) Math.min(rate * (elapsed / 1e9), most);
    }

    private Event next() {
        return new Event(index, offered++);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(long more) {
        accepted += more;
    }

    private void single(long due) {
        while (open && offered < due) {
            open = (waits ? bus.submit(next()) : bus.publishSequenced(next())) >= 0;
            count(open ? 1 : 0);
        }
    }

    private void lists(long due) {
        while (open && offered < due) {
            List<Event> events = new ArrayList<>(LIST);
            while (events.size() < LIST) {
                events.add(next());
            }
            int published = waits ? bus.submitMany(events) : bus.publishMany(events);
            open = published == LIST;
            count(published);
        }
    }

    private void batches(long due) {
        Batch<Event> batch = waits ? bus.waitingBatch() : bus.batch();
        while (open && offered < due) {
            open = batch.add(next());
        }
        batch.close();
        count(batch.accepted());
    }
}
