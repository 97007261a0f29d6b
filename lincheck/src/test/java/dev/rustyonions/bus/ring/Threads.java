package dev.rustyonions.bus.ring;

import java.util.ArrayList;
import java.util.List;

/**
 * The threads of one run under the checker: what one of them throws fails the run, which the
 * checker itself takes no notice of.
 */
final class Threads {
    // No subclass of Thread: the checker never sees such a thread end, and takes the run for hung.
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();

    /** Forgets those of the run before. */
    void clear() {
        threads.clear();
        thrown.clear();
    }

    void run(Runnable body) {
        Thread thread = new Thread(() -> guarded(body));
        threads.add(thread);
        thread.start();
    }

    private void guarded(Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            synchronized (thrown) {
                thrown.add(e);
            }
        }
    }

    /** Waits for the end of each. */
    void join() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        for (Throwable each : thrown) {
            throw new AssertionError(each);
        }
    }
}
