package dev.rustyonions.bus.sse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;

/**
 * A feed on the HTTP server of the JDK. The server needs an executor with a virtual thread for each
 * task, since each client keeps its thread.
 *
 * <p>Answers GET with the stream and any other method with 405.
 *
 * <p>Thread safety: the server may call it from any thread.
 */
public final class SseHttpHandler implements HttpHandler {
    private final Function<HttpExchange, SseStream<?>> streams;

    /**
     * Serves all events to every client.
     *
     * @param feed the feed
     * @throws NullPointerException if {@code feed} is null
     */
    public SseHttpHandler(SseFeed<?> feed) {
        SseStream<?> stream = all(Objects.requireNonNull(feed, "feed"));
        this.streams = client -> stream;
    }

    /**
     * Serves each client what its request asks for.
     *
     * @param streams gives the stream for a request, by {@link SseFeed#stream}
     * @throws NullPointerException if {@code streams} is null
     */
    public SseHttpHandler(Function<HttpExchange, SseStream<?>> streams) {
        this.streams = Objects.requireNonNull(streams, "streams");
    }

    private static <E> SseStream<E> all(SseFeed<E> feed) {
        return feed.stream(options -> {});
    }

    @Override
    public void handle(HttpExchange client) throws IOException {
        try (client) {
            if (!client.getRequestMethod().equals("GET")) {
                client.getResponseHeaders().set("Allow", "GET");
                client.sendResponseHeaders(405, -1);
                return;
            }
            SseStream<?> stream = streams.apply(client);
            client.getResponseHeaders().set("Content-Type", SseFeed.CONTENT_TYPE);
            client.getResponseHeaders().set("Cache-Control", "no-store");
            client.getResponseHeaders().set("X-Accel-Buffering", "no"); // nginx would collect it
            client.sendResponseHeaders(200, 0); // of unknown length
            stream.serve(
                    client.getResponseBody(),
                    client.getRequestHeaders().getFirst(SseFeed.LAST_EVENT_ID));
        }
    }
}
