package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.spring.BusShutdown.AfterDrain;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The clients of feeds that are being served. One that does not read must hold no shutdown up. */
final class FeedResponses implements AfterDrain, AutoCloseable {
    private final Set<FeedResponse> open = ConcurrentHashMap.newKeySet();

    void add(FeedResponse response) {
        open.add(response);
    }

    void remove(FeedResponse response) {
        open.remove(response);
    }

    @Override
    public void end() {
        open.forEach(each -> each.abort(new IOException("the application is closing")));
    }

    @Override
    public void close() {
        end();
    }
}
