package dev.rustyonions.bus.sse;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.SubscribeOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A bus as a feed of server-sent events, the format {@code text/event-stream} that a browser's
 * {@code EventSource} reads. Works with any server that gives an output stream for a response.
 *
 * <p>Each client is a thread inside {@link #serve}, best a virtual one, with a receiver of its own.
 * A client that is slow lags by itself: it is told how many events it missed, and changes nothing
 * for the others. What the feed takes care of:
 *
 * <ul>
 *   <li>Each event is encoded once for all clients, when the first of them comes to it.
 *   <li>When there was nothing to send for the time of the heartbeat, a comment is sent. So a
 *       client that has gone is noticed: the write to it fails, the first or the second time.
 *   <li>A client that does not read is cut off when a write to it takes longer than the write
 *       timeout.
 *   <li>The identifier of each event is a ticket. A browser that connects again sends the last one
 *       it got as {@code Last-Event-ID}, and the feed goes on there. The opening of a stream and
 *       each heartbeat have one too, so this holds of a client that has been sent no event yet.
 * </ul>
 *
 * <p>What a client is sent besides the events themselves, each as an event of its own type:
 *
 * <ul>
 *   <li>{@code missed}, with the number of events that it missed as its data;
 *   <li>{@code restarted}, with no number, if the ticket that it came back with says nothing of
 *       this bus, because the process was started again for instance. What it has not seen of the
 *       earlier bus nobody knows. It is then sent what this bus still has.
 * </ul>
 *
 * In either case a client does well to load the state afresh.
 *
 * <p>Threads: while there are clients, one daemon platform thread of the feed, which looks for
 * writes that take too long. Thread safety: all methods may be called from any thread.
 *
 * @param <E> the type of event
 */
public final class SseFeed<E> implements AutoCloseable {
    /** The content type of a response that a feed writes. */
    public static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";

    /** The header in which a client that comes back sends the last identifier it got. */
    public static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Bus<E> bus;
    private final Frames<E> frames;
    private final Duration heartbeat;
    private final WriteWatch watch;
    private final Set<SseClient<E>> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private SseFeed(Builder<E> with) {
        bus = with.bus;
        heartbeat = with.heartbeat;
        frames = new Frames<>(bus, with.encoder, with.eventName, with.retry);
        watch = new WriteWatch(with.writeTimeout);
    }

    /**
     * Begins a feed.
     *
     * @param bus the bus, which the feed neither publishes to nor closes
     * @param encoder gives the text of an event, JSON for instance. Called by the thread of a
     *     client, once for each event, and once more by a client that has an event in hand which
     *     has left the window. May have several lines, separated by any line break. If it throws or
     *     returns null, nobody is sent the event; clients are sent {@code missed} for it, and the
     *     log has the class of what it threw, once a minute
     * @param <E> the type of event
     * @return a builder
     * @throws NullPointerException if an argument is null
     */
    public static <E> Builder<E> builder(Bus<E> bus, Function<? super E, String> encoder) {
        return new Builder<>(
                Objects.requireNonNull(bus, "bus"), Objects.requireNonNull(encoder, "encoder"));
    }

    /**
     * Serves one client that wants all events from now on, or from where it stopped.
     *
     * <p>Blocks until the client has gone, the bus or this feed is closed, or the thread is
     * interrupted. Does not close the stream. Of a server this is to be called with the headers
     * set, {@link #CONTENT_TYPE} among them, and nothing written.
     *
     * @param body where to write; flushed whenever the client has been sent all there is
     * @param lastEventId what the client sent as {@link #LAST_EVENT_ID}; null or blank if it is
     *     new. Any text does: one that this feed has not given counts as that of another bus
     * @return why it ended: {@link Reason#BUS_CLOSED}; {@link Reason#RECEIVER_CLOSED} if this feed
     *     was closed; {@link Reason#EVICTED}; {@link Reason#INTERRUPTED} with the interrupt status
     *     kept
     * @throws IOException if the client has gone, a write took longer than the write timeout, or
     *     the thread was interrupted while it wrote or waited for another client's encoding
     * @throws IllegalStateException if the encoder failed by an error or was interrupted, which is
     *     the cause
     * @throws NullPointerException if {@code body} is null
     */
    @SuppressWarnings("exports") // the annotation is not needed by who calls it
    public Reason serve(OutputStream body, @Nullable String lastEventId) throws IOException {
        return stream(options -> {}).serve(body, lastEventId);
    }

    /**
     * Makes a stream for clients that want something else than all events from now on: those that
     * pass a filter, the newest of each key, the oldest retained first.
     *
     * @param options sets what is wanted, as for {@link Bus#subscribe(Consumer)}. Called for each
     *     client, by the thread that serves it. A start among them is for clients that are new, or
     *     come back with a ticket of another bus; {@link SubscribeOptions#resume} is not for them.
     *     What a filter or key function throws, {@link SseStream#serve} throws on
     * @return the stream, for any number of clients
     * @throws NullPointerException if {@code options} is null
     */
    public SseStream<E> stream(Consumer<SubscribeOptions<E>> options) {
        return new SseStream<>(this, Objects.requireNonNull(options, "options"));
    }

    Reason serve(
            OutputStream body, @Nullable String lastEventId, Consumer<SubscribeOptions<E>> options)
            throws IOException {
        Objects.requireNonNull(body, "body");
        Ticket ticket =
                lastEventId == null || lastEventId.isBlank() ? null : Ticket.of(lastEventId);
        try (SseClient<E> client =
                new SseClient<>(
                        bus,
                        bus.subscribe(
                                o -> {
                                    options.accept(o);
                                    if (ticket != null) {
                                        o.resume(ticket.bus(), ticket.next());
                                    }
                                }),
                        frames,
                        body,
                        watch)) {
            clients.add(client);
            try {
                // Either this sees the close, or the close sees the client.
                return closed ? Reason.RECEIVER_CLOSED : client.run(heartbeat, ticket != null);
            } finally {
                clients.remove(client);
                letGoIfOver();
            }
        }
    }

    /**
     * How many clients are being served.
     *
     * @return at least 0
     */
    public int clients() {
        return clients.size();
    }

    /**
     * Ends the streams of all clients, those that come later included, without waiting for them.
     * Events that a client has not been sent are sent when it comes back to another feed of this
     * bus, as long as the window has them. To send everything first, close the bus instead. A
     * client that is blocked in a write is cut off by the write timeout. The bus stays open.
     * Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        clients.forEach(SseClient::end);
        letGoIfOver();
    }

    /** Lets go of what was encoded, when nobody is there who might be sent it. */
    private void letGoIfOver() {
        if (clients.isEmpty() && (closed || bus.isClosed())) {
            frames.clear();
        }
    }

    /** The bus, and how many clients there are. */
    @Override
    public String toString() {
        return "SseFeed[" + bus + ", clients=" + clients() + "]";
    }

    /**
     * Sets up a feed. Not thread-safe.
     *
     * @param <E> the type of event
     */
    public static final class Builder<E> {
        private static final Duration SHORTEST_RETRY = Duration.ofMillis(1);
        private static final Duration LONGEST_RETRY = Duration.ofDays(1);

        private final Bus<E> bus;
        private final Function<? super E, String> encoder;
        private @Nullable Function<? super E, String> eventName;
        private Duration heartbeat = Duration.ofSeconds(15);
        private Duration writeTimeout = Duration.ofSeconds(10);
        private Duration retry = Duration.ofSeconds(1);

        private Builder(Bus<E> bus, Function<? super E, String> encoder) {
            this.bus = bus;
            this.encoder = encoder;
        }

        /**
         * Gives each event a type, by which a browser calls its listeners. Without one it calls
         * those of {@code message}.
         *
         * @param eventName gives the type of an event, at least one character and no line break,
         *     and neither {@code missed} nor {@code restarted}; called and treated like the encoder
         *     if it throws
         * @return this builder
         * @throws NullPointerException if {@code eventName} is null
         */
        public Builder<E> eventName(Function<? super E, String> eventName) {
            this.eventName = Objects.requireNonNull(eventName, "eventName");
            return this;
        }

        /**
         * Sets the heartbeat.
         *
         * @param heartbeat how long a client is sent nothing before it is sent a comment, more
         *     than zero; 15 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         * @throws NullPointerException if {@code heartbeat} is null
         */
        public Builder<E> heartbeat(Duration heartbeat) {
            this.heartbeat = positive("heartbeat", heartbeat);
            return this;
        }

        /**
         * Sets the write timeout. A write that takes longer is ended by an interrupt of the
         * client's thread, which closes the connection in servers that write through a channel,
         * and the client's receiver is closed.
         *
         * @param writeTimeout how long a write may take, more than zero; measured to a quarter of
         *     it; 10 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         * @throws NullPointerException if {@code writeTimeout} is null
         */
        public Builder<E> writeTimeout(Duration writeTimeout) {
            this.writeTimeout = positive("writeTimeout", writeTimeout);
            return this;
        }

        /**
         * Sets how long a browser is to wait before it connects again.
         *
         * @param retry one millisecond to one day, to the millisecond; one second unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         * @throws NullPointerException if {@code retry} is null
         */
        public Builder<E> retry(Duration retry) {
            Objects.requireNonNull(retry, "retry");
            if (retry.compareTo(SHORTEST_RETRY) < 0 || retry.compareTo(LONGEST_RETRY) > 0) {
                throw new IllegalArgumentException(
                        "retry(" + retry + "): allowed are 1 millisecond to 1 day");
            }
            this.retry = retry;
            return this;
        }

        private static Duration positive(String name, Duration given) {
            Objects.requireNonNull(given, name);
            if (given.isZero() || given.isNegative()) {
                throw new IllegalArgumentException(
                        name + "(" + given + "): allowed are durations of more than zero");
            }
            return given;
        }

        /**
         * Makes the feed.
         *
         * @return a feed without clients
         */
        public SseFeed<E> build() {
            return new SseFeed<>(this);
        }
    }
}
