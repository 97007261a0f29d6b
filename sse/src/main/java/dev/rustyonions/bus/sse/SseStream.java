package dev.rustyonions.bus.sse;

import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.SubscribeOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * A feed with options of its own for those who read it; see {@link SseFeed#stream}. A web framework
 * may have it returned by a method that handles a request.
 *
 * <p>Thread safety: any number of threads may serve their clients by it at once.
 *
 * @param <E> the type of event
 */
public final class SseStream<E> {
    private final SseFeed<E> feed;
    private final Consumer<SubscribeOptions<E>> options;

    SseStream(SseFeed<E> feed, Consumer<SubscribeOptions<E>> options) {
        this.feed = feed;
        this.options = options;
    }

    /**
     * Serves one client, as {@link SseFeed#serve} does.
     *
     * @param body where to write
     * @param lastEventId what the client sent as {@link SseFeed#LAST_EVENT_ID}; null or blank if
     *     it is new
     * @return why it ended
     * @throws IOException if the client has gone, a write took longer than the write timeout, or
     *     the thread was interrupted while it wrote or waited for another client's encoding
     * @throws IllegalArgumentException if the options ask for a start above the next sequence
     * @throws IllegalStateException if the encoder failed by an error or was interrupted, which is
     *     the cause
     * @throws NullPointerException if {@code body} is null
     */
    @SuppressWarnings("exports") // the annotation is not needed by who calls it
    public Reason serve(OutputStream body, @Nullable String lastEventId) throws IOException {
        return feed.serve(body, lastEventId, options);
    }
}
