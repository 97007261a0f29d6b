package dev.rustyonions.bus.ring;

import java.util.ArrayList;
import java.util.List;

/**
 * Parks threads on a monitor, from which they return only when they are unparked.
 *
 * <p>The model checker lets {@code LockSupport.park} return at any time, as its contract allows,
 * and so would never find that a wake-up was lost. A thread that waits for a monitor for ever it
 * reports as a hang.
 */
final class MonitorPark {
    private final Object monitor = new Object();
    private final List<Thread> permits = new ArrayList<>();

    void park() {
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

    void unpark(Thread thread) {
        synchronized (monitor) {
            if (!permits.contains(thread)) {
                permits.add(thread);
            }
            monitor.notifyAll();
        }
    }
}
