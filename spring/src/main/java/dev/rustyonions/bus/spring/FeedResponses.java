package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.spring.BusShutdown.AfterDrain;
import dev.rustyonions.bus.sse.SseFeed;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients of feeds that are being served: who does not read must not hold a shutdown up. */
final class FeedResponses implements AfterDrain, AutoCloseable {
    private final Map<FeedResponse, SseFeed<?>> open = new ConcurrentHashMap<>();

    void add(FeedResponse response, SseFeed<?> feed) {
        open.put(response, feed);
    }

    void remove(FeedResponse response) {
        open.remove(response);
    }

    @Override
    public void end() {
        open.values().stream().distinct().forEach(SseFeed::close);
        open.keySet().forEach(each -> each.abort(new IOException("the application is closing")));
    }

    @Override
    public void close() {
        end();
    }
}
