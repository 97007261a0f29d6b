package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.spring.BusEnd.AfterDrain;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The clients of feeds that are being served. One that does not read must hold no shutdown up. */
final class FeedResponses implements AfterDrain, AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Set<FeedResponse> open = ConcurrentHashMap.newKeySet();

    void add(FeedResponse response) {
        open.add(response);
    }

    void remove(FeedResponse response) {
        open.remove(response);
    }

    /**
     * Waits until those that read have been sent the rest, and cuts the others off. A receiver
     * finds the end of its bus before the last bytes have left the server.
     */
    @Override
    public void end(long deadline) {
        while (!open.isEmpty()
                && deadline - System.nanoTime() > 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        close();
    }

    @Override
    public void close() {
        open.forEach(each -> each.abort(new IOException("the application is closing")));
    }
}
