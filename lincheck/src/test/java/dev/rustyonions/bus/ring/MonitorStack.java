package dev.rustyonions.bus.ring;

import java.util.ArrayList;
import java.util.List;

/**
 * A wait stack whose threads park on a monitor, and only return when they are unparked.
 *
 * <p>The model checker lets {@code LockSupport.park} return at any time, as its contract allows,
 * and so would never find that a wake-up was lost. A thread that waits for a monitor for ever it
 * reports as a hang.
 */
final class MonitorStack extends WaitStack {
    private final Object monitor = new Object();
    private final List<Thread> permits = new ArrayList<>();

    @Override
    void park(Object blocker) {
        synchronized (monitor) {
            while (!permits.remove(Thread.currentThread())) {
                try {
                    monitor.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @Override
    void parkNanos(Object blocker, long nanos) {
        throw new UnsupportedOperationException("no model of time");
    }

    @Override
    void unpark(Thread thread) {
        synchronized (monitor) {
            if (!permits.contains(thread)) {
                permits.add(thread);
            }
            monitor.notifyAll();
        }
    }
}
