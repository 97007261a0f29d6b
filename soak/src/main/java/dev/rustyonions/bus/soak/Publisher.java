package dev.rustyonions.bus.soak;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Publishes numbered events at a rate until told to stop or the bus is closed, and counts what the bus accepted. */
final class Publisher implements Runnable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LIST = 16;

    private final Bus<Event> bus;
    private final int index;
    private final long rate;
    private volatile long accepted;
    private volatile boolean stopped;
    private long offered;
    private boolean open = true;

    Publisher(Bus<Event> bus, int index, long rate) {
        this.bus = bus;
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
        for (long round = 0; open && !stopped; round++) {
            long due =
                    rate == 0 ? offered + 256 : (long) (rate * ((System.nanoTime() - began) / 1e9));
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

    private Event next() {
        return new Event(index, offered++);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(long more) {
        accepted += more;
    }

    private void single(long due) {
        while (open && offered < due) {
            open = bus.publishSequenced(next()) >= 0;
            count(open ? 1 : 0);
        }
    }

    private void lists(long due) {
        while (open && offered < due) {
            List<Event> events = new ArrayList<>(LIST);
            while (events.size() < LIST) {
                events.add(next());
            }
            int published = bus.publishMany(events);
            open = published == LIST;
            count(published);
        }
    }

    private void batches(long due) {
        Batch<Event> batch = bus.batch();
        while (open && offered < due) {
            open = batch.add(next());
        }
        batch.close();
        count(batch.accepted());
    }
}
