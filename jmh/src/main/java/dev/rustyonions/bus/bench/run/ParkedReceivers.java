package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Many virtual threads that do nothing but receive, and one publisher that shoots at them once all
 * are parked.
 */
final class ParkedReceivers {
    private static final Object EVENT = new Object();
    private static final Object END = new Object();
    private static final int CAPACITY = 256;

    /** Longer than any shot takes: one that does not end is reported, not waited for. */
    private static final long LONGEST_SHOT = TimeUnit.SECONDS.toNanos(30);

    /** Before each shot. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** What one shot took: the publisher's call, and until the last receiver had the event. */
    record Shot(long publishNanos, long allNanos) {}

    private final Consumer<Object> publish;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Object> blockers = new ArrayList<>();
    private final AtomicInteger missing = new AtomicInteger();
    private final Thread publisher = Thread.currentThread();
    private final LongSupplier wakeups;
    private final boolean twice;
    private volatile long lastAt;

    private ParkedReceivers(Consumer<Object> publish, LongSupplier wakeups, boolean twice) {
        this.wakeups = wakeups;
        this.publish = publish;
        this.twice = twice;
    }

    /**
     * Receivers of the bus; {@code wakeups} in the statistics must grow by their number at each
     * shot.
     */
    static ParkedReceivers onBus(int n, boolean twice) {
        Bus<Object> bus = Bus.create(CAPACITY);
        ParkedReceivers receivers =
                new ParkedReceivers(
                        event -> publishCounted(bus, event, n), () -> bus.stats().wakeups(), twice);
        for (int i = 0; i < n; i++) {
            Receiver<Object> rx = bus.subscribe();
            receivers.start(
                    rx,
                    () -> {
                        while (true) {
                            if (!(rx.recv() instanceof Message<Object> message)) {
                                throw new IllegalStateException(
                                        "neither lag nor close is expected");
                            }
                            if (message.event().equals(END)) {
                                return;
                            }
                            receivers.count();
                        }
                    });
        }
        return receivers;
    }

    private static void publishCounted(Bus<Object> bus, Object event, int n) {
        if (bus.publish(event) != n) {
            throw new IllegalStateException("receivers are missing");
        }
    }

    /** Receivers whose publisher unparks all. */
    static ParkedReceivers onUnparkAll(int n) {
        UnparkAll ring = new UnparkAll(CAPACITY);
        ParkedReceivers receivers = new ParkedReceivers(ring::publish, ring::wakeups, false);
        for (int i = 0; i < n; i++) {
            UnparkAll.Reader rx = ring.new Reader();
            receivers.start(
                    rx,
                    () -> {
                        while (!rx.recv().equals(END)) {
                            receivers.count();
                        }
                    });
        }
        return receivers;
    }

    private void start(Object blocker, Runnable task) {
        blockers.add(blocker);
        threads.add(Thread.ofVirtual().start(task));
    }

    private void count() {
        if (missing.decrementAndGet() == 0) {
            lastAt = System.nanoTime();
            LockSupport.unpark(publisher);
        }
    }

    /**
     * Waits until every receiver is parked in its receive: waiting, with its receiver as the
     * blocker, which is set after it has enlisted.
     */
    private void awaitParked() {
        for (int i = 0; i < threads.size(); i++) {
            while (threads.get(i).getState() != Thread.State.WAITING
                    || !blockers.get(i).equals(LockSupport.getBlocker(threads.get(i)))) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    /** How many were woken so far, as whom they receive from says: of a bus, its statistics. */
    long woken() {
        return wakeups.getAsLong();
    }

    /**
     * One shot after a pause, in which carriers without work go to sleep. Two of them, added up, if
     * a slowdown is planted: without its own pause the second would find the carriers awake, and
     * take less than the first.
     */
    Shot shoot() {
        Shot shot = shootOnce();
        if (!twice) {
            return shot;
        }
        Shot again = shootOnce();
        return new Shot(shot.publishNanos + again.publishNanos, shot.allNanos + again.allNanos);
    }

    private Shot shootOnce() {
        LockSupport.parkNanos(PAUSE);
        awaitParked();
        long wokenBefore = wakeups.getAsLong();
        missing.set(threads.size());
        long begun = System.nanoTime();
        publish.accept(EVENT);
        long published = System.nanoTime();
        await();
        awaitParked();
        long woken = wakeups.getAsLong() - wokenBefore;
        if (woken != threads.size()) {
            throw new IllegalStateException(
                    woken
                            + " wake-ups for "
                            + threads.size()
                            + " receivers: not all were enlisted");
        }
        return new Shot(published - begun, lastAt - begun);
    }

    private void await() {
        long end = System.nanoTime() + LONGEST_SHOT;
        while (missing.get() > 0) {
            LockSupport.parkNanos(this, LONGEST_SHOT);
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        missing + " of " + threads.size() + " receivers were never woken");
            }
        }
    }

    void end() throws InterruptedException {
        publish.accept(END);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
