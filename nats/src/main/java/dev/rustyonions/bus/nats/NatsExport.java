package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Sends the events of a bus to a NATS server, for the {@link NatsImport}s of other processes.
 *
 * <p>An export is an ordinary receiver of the bus on one virtual thread. It sends each event under
 * the subject {@code <subject>.<origin>}, with a header that numbers it and counts what was never
 * sent, by cause. Every second, or as set, a heartbeat carries the next number and the same counts.
 * So an import knows of every number whether it arrived, or why not.
 *
 * <p>Unless asked to, nobody waits for the server: what the export cannot send is counted and told.
 * A {@linkplain Builder#lossless lossless} export waits for the server instead, and publishers that
 * {@linkplain dev.rustyonions.bus.Sender#submit submit} wait with it.
 *
 * <p>Without a stream NATS delivers at most once. What was given to the client and lost with a
 * connection is told by the import as {@link Cause#ON_THE_WAY}, of a lossless export too. With a
 * stream what the server has not confirmed is sent again.
 *
 * <p>Threads: one virtual thread, from {@link Builder#start} until {@link #close} or the end of the
 * bus, besides those of the NATS client. Thread safety: all methods may be called from any thread.
 *
 * @param <E> the type of event
 */
public final class NatsExport<E> implements AutoCloseable {
    /*
     * Numbers
     * -------
     * The thread below gives a number to each event that its receiver was to be given, in the order
     * of the bus. One that is sent carries its number; one that is not sent moves a counter of its
     * cause; a lag of n moves the number and the counter by n. The rest of the argument, why this
     * makes the account of an import exact, stands in OriginAccount.
     *
     * A counter moves only if the event was certainly not sent: the client refused it by an
     * exception. What the client takes and loses later, in a queue that dies with the connection or
     * in a queue that discards, counts as sent, and the import finds it missing. Counting it here
     * as well would take one loss for two.
     *
     * The epoch is the identifier of the bus and a random part: a second export of the same bus
     * numbers from 0 too, and must not be taken for this one.
     *
     * Several at a time
     * -----------------
     * What waits in the ring when an event was taken may go into the same message, up to a number
     * and a size. Nothing waits for more to come. The events of a message have consecutive numbers,
     * since what gets no place in it ends it: a lag, an event without bytes. They are given their
     * numbers when the message was sent or refused, all with the same result.
     *
     * The end
     * -------
     * The receiver ends the thread: by the end of the bus, or because close() has closed it after
     * everything published before was taken. So nothing interrupts a publication, which would leave
     * in the dark whether the event was sent. If the time for closing was up before, or the
     * receiver was evicted, it leaves events behind. They are given their numbers as those of a
     * lag, before the farewell says which number is the last.
     */

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CONFIRMED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final byte[] EMPTY = {};

    /** Of several events in one message, how many bytes at most. */
    private static final int BATCH_BYTES = 8 * 1024;

    /** What the headers of a message of events take, generously. */
    private static final int HEADERS_AT_MOST = 2 * 1024;

    /** Where heartbeats go that are not for a stream, behind the subject of the events. */
    static final String ALIVE = ".alive";

    private final Bus<E> bus;
    private final Function<? super E, byte[]> encoder;
    private final Link link;
    private final String subject;
    private final String epoch;
    private final boolean lossless;
    private final Duration heartbeat;
    private final Duration closeTimeout;
    private final @Nullable StreamSender streamSender;
    private final int mostEvents;
    private final Receiver<E> receiver;
    private final Thread thread;
    private final Outages outages;
    private final RareLog notEncodable;
    private final RareLog tooLarge;
    private final RareLog refused;

    // Written by the thread alone.
    private final AtomicLong numbered = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final Causes unsent = new Causes(Cause.UNSENT);

    /** Numbered as sent, and then above a limit that was lowered meanwhile; see StreamSender. */
    private final AtomicLong refusedLater = new AtomicLong();

    private long messages;
    private long heartbeatAt;

    /** What the receiver was to give next, by what it has given last. */
    private long following;

    /** Encoded, and not sent yet; what they take in one message. */
    private final List<byte[]> batch = new ArrayList<>();

    private long batchBytes;

    /** The counters that the last message to the stream carried. */
    private long[] told = unsent.inOrder();

    /** Whether the client has refused a message since the connection was lost. */
    private boolean refusedInOutage;

    /** What was published before the first close(); -1 before that. */
    private final AtomicLong publishedBefore = new AtomicLong(-1);

    /** Why the receiver has ended; null before that. The thread's alone. */
    private @Nullable Reason ended;

    /** When the thread is to have ended, by {@link System#nanoTime}; once the receiver has. */
    private long endBy;

    /** Set when close() begins: a receiver that ends from now on was not evicted. */
    private volatile boolean closing;

    /** Set when the time of close() is up: nothing is waited for any more. */
    private volatile boolean hurried;

    private NatsExport(
            Builder<E> with,
            Link link,
            String subject,
            String origin,
            @Nullable StreamConfiguration stream)
            throws IOException {
        this.bus = with.bus;
        this.encoder = with.encoder;
        this.link = link;
        this.subject = subject + "." + origin;
        this.epoch = bus.id() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong());
        this.lossless = with.patience != null;
        this.mostEvents = with.mostEvents;
        this.heartbeat = with.heartbeat;
        this.closeTimeout = with.closeTimeout;
        this.notEncodable = new RareLog(toString());
        this.tooLarge = new RareLog(toString());
        this.refused = new RareLog(toString());
        this.streamSender =
                stream == null
                        ? null
                        : new StreamSender(
                                link,
                                stream,
                                this.subject,
                                sent::addAndGet,
                                this::countRefused,
                                refused);
        this.receiver = bus.subscribe(options -> subscribe(options, with, origin));
        this.outages = Outages.of(link, "export", origin);
        this.thread = Thread.ofVirtual().name("ron-bus-nats-export").unstarted(this::run);
    }

    private static <E> void subscribe(SubscribeOptions<E> options, Builder<E> with, String origin) {
        options.name("nats-export-" + origin);
        if (with.filter != null) {
            options.filter(with.filter);
        }
        if (with.patience != null) {
            options.lossless(with.patience);
        }
    }

    /**
     * Begins an export.
     *
     * @param bus the bus, which the export neither publishes to nor closes
     * @param encoder gives the bytes of an event. Called by the thread of the export, once for each
     *     event. If it throws or returns null, the event is not sent and is lost with {@link
     *     Cause#NOT_ENCODABLE}; the log has the class of what it threw, once a minute
     * @param <E> the type of event
     * @return a builder
     * @throws NullPointerException if an argument is null
     */
    public static <E> Builder<E> builder(Bus<E> bus, Function<? super E, byte[]> encoder) {
        return new Builder<>(
                Objects.requireNonNull(bus, "bus"), Objects.requireNonNull(encoder, "encoder"));
    }

    // ---- the thread ----

    private void run() {
        try (receiver) {
            // The first, so that imports know the origin before the first number.
            heartbeatAt = System.nanoTime();
            sendHello();
            while (true) {
                switch (receive()) {
                    case Message<E> message -> {
                        following = message.sequence() + 1;
                        take(message.event());
                    }
                    case Lagged<E> lag -> {
                        following = lag.from() + lag.missed();
                        leaveOut(Cause.LAGGED, lag.missed());
                    }
                    case Empty<E> nothing -> sendBatch();
                    case Closed<E> closed -> {
                        end(closed.reason());
                        return;
                    }
                }
                if (batch.isEmpty()) {
                    sendHeartbeatIfDue();
                }
            }
        } finally {
            outages.end(link);
            link.closeIfOwned();
        }
    }

    private Polled<E> receive() {
        try {
            return batch.isEmpty() ? receiver.recvTimeout(patience()) : receiver.tryRecv();
        } catch (Throwable e) {
            // The filter has thrown: the event counts as filtered and gets no number. To go on at
            // once would keep the batch and the heartbeat, if it throws each time.
            refused.warn("the filter has thrown " + e.getClass().getName());
            return new Empty<>();
        }
    }

    /** The receiver gives nothing more. */
    private void end(Reason reason) {
        ended = reason;
        endBy = System.nanoTime() + closeTimeout.toNanos();
        leaveOut(Cause.LAGGED, leftBehind());
        sayFarewell();
    }

    /** How long to wait for an event, until there is something else to do. */
    private Duration patience() {
        return Duration.ofNanos(
                Math.min(heartbeatAt + heartbeat.toNanos() - System.nanoTime(), settle()));
    }

    private void take(E event) {
        byte[] body = encoded(event);
        if (body == null) {
            leaveOut(Cause.NOT_ENCODABLE, 1);
            return;
        }
        long bytes = Frames.OVERHEAD + (long) body.length;
        if (batchBytes + bytes > BATCH_BYTES) {
            sendBatch();
        }
        batch.add(body);
        batchBytes += bytes;
        if (batch.size() == mostEvents || batchBytes > BATCH_BYTES) {
            sendBatch();
        }
    }

    /** How many events the receiver was still to give when it ended. */
    private long leftBehind() {
        long end = closing ? publishedBefore.get() : bus.stats().published();
        // A receiver that others end may give one event more than its position says.
        return Math.max(0, end - Math.max(following, receiver.position()));
    }

    /** Gives numbers to events that are not sent, behind those that are still to be. */
    private void leaveOut(Cause cause, long events) {
        sendBatch();
        unsent.add(cause, events);
        numbered.addAndGet(events);
    }

    private void sendBatch() {
        if (!batch.isEmpty()) {
            if (batch.size() == 1 || !send(Frames.join(batch), batch.size())) {
                batch.forEach(this::sendAlone);
            }
            batch.clear();
            batchBytes = 0;
        }
    }

    private void sendAlone(byte[] body) {
        if (!send(body, 1)) {
            tooLarge.warn(
                    "an event of "
                            + body.length
                            + " bytes and its header are above the server's limit of "
                            + limit());
            unsent.add(Cause.TOO_LARGE, 1);
            numbered.incrementAndGet();
        }
    }

    /** Sends events in one message; false, and nothing is counted, if it is above the limit. */
    private boolean send(byte[] body, int events) {
        Cause refusal =
                streamSender == null
                        ? sendToServer(body, events)
                        : sendToStream(streamSender, Note.Kind.EVENT, events, body);
        if (refusal == Cause.TOO_LARGE) {
            return false;
        }
        if (refusal == null) {
            messages++;
        } else {
            unsent.add(refusal, events);
        }
        numbered.addAndGet(events);
        return true;
    }

    /** Sends without a stream, for a lossless export until it is done; null if it was sent. */
    private @Nullable Cause sendToServer(byte[] body, int events) {
        Headers headers = note(Note.Kind.EVENT, events).toHeaders();
        while (true) {
            // Asked each time, since the next server after an outage may have another limit.
            Cause refusal =
                    isAboveLimit(body, events) ? Cause.TOO_LARGE : publish(subject, headers, body);
            if (refusal == null) {
                sent.addAndGet(events);
                return null;
            }
            if (refusal == Cause.TOO_LARGE || !isWorthWaiting()) {
                return refusal;
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
        }
    }

    /** How long a message and its header may be. */
    private long limit() {
        return streamSender == null ? link.maxPayload() : streamSender.limit();
    }

    private boolean isAboveLimit(byte[] body, int events) {
        long limit = limit();
        if (body.length + HEADERS_AT_MOST <= limit) {
            return false;
        }
        // Below its own number everything may be confirmed until it is sent, which is the longest.
        Note note = note(Note.Kind.EVENT, events, streamSender == null ? 0 : numbered.get());
        Headers headers = streamSender == null ? note.toHeaders() : streamSender.headers(note);
        return headers.serializedLength() + (long) body.length > limit;
    }

    private byte @Nullable [] encoded(E event) {
        try {
            byte[] body = encoder.apply(event);
            if (body == null) {
                notEncodable.warn("the encoder has returned null; the event is not sent");
            }
            return body;
        } catch (Throwable e) {
            notEncodable.warn(
                    "the encoder has thrown " + e.getClass().getName() + "; the event is not sent");
            return null;
        }
    }

    /**
     * Whether a lossless export may still get rid of an event that the client has refused. One that
     * was evicted does not wait; one that is being closed does, for the time it has.
     */
    private boolean isWorthWaiting() {
        return lossless && isWorthWaitingForTheStream();
    }

    /** Whether there is time left, at the end too, and the connection may come back. */
    private boolean isTimeLeft() {
        return !hurried && !link.isClosed() && (ended == null || System.nanoTime() - endBy < 0);
    }

    /** Gives a message to the client; null if it has taken it. */
    private @Nullable Cause publish(String to, Headers headers, byte[] body) {
        boolean connected = link.isConnected();
        if (connected) {
            refusedInOutage = false;
        } else if (lossless || refusedInOutage) {
            // A lossless export keeps the event, since the client may lose what it keeps itself.
            // Another one has been refused before, and each refusal may take the client seconds.
            return Cause.NOT_CONNECTED;
        }
        try {
            link.connection().publish(to, headers, body);
            return null;
        } catch (IllegalStateException e) {
            if (connected && link.isConnected()) {
                return Cause.BUFFER_FULL;
            }
            refusedInOutage = true;
            return Cause.NOT_CONNECTED;
        } catch (IllegalArgumentException e) {
            return Cause.TOO_LARGE; // the limit of a server that was reached just now
        }
    }

    // ---- with a stream ----

    /** Sends to the stream, which waits until there is room; null if it was sent. */
    private @Nullable Cause sendToStream(
            StreamSender sender, Note.Kind kind, int events, byte[] body) {
        // The farewell of an evicted export waits too: it says what was left behind.
        boolean isLast = kind == Note.Kind.FAREWELL;
        if (!sender.awaitRoom(kind, isLast ? this::isTimeLeft : this::isWorthWaitingForTheStream)) {
            return Cause.NOT_CONNECTED;
        }
        if (isAboveLimit(body, events)) { // now, since the wait may have led to another server
            return Cause.TOO_LARGE;
        }
        Note note = note(kind, events);
        told = note.unsent;
        sender.send(note, body);
        return null;
    }

    private boolean isWorthWaitingForTheStream() {
        // A receiver that has ended for no other reason was evicted.
        return isTimeLeft() && (closing || ended == Reason.BUS_CLOSED || !receiver.isClosed());
    }

    private void countRefused(long events) {
        tooLarge.warn("events under way are above a limit that the server has by now");
        refusedLater.addAndGet(events);
    }

    /** Looks for confirmations; how long at most until it is to look again, in nanoseconds. */
    private long settle() {
        if (streamSender == null || !streamSender.isUnderWay()) {
            return Long.MAX_VALUE;
        }
        streamSender.settle();
        return CONFIRMED_NANOS;
    }

    private void sendHello() {
        if (streamSender == null) {
            sendHeartbeat();
        } else {
            sendToStream(streamSender, Note.Kind.HEARTBEAT, 1, EMPTY);
        }
    }

    private void sayFarewellToStream(StreamSender sender) {
        boolean isSent = sendToStream(sender, Note.Kind.FAREWELL, 1, EMPTY) == null;
        while (isSent && sender.isUnderWay() && isTimeLeft()) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            sender.settle();
        }
        if (!isSent || sender.isUnderWay()) {
            refused.warn("the last messages may not have reached the stream");
        }
    }

    // ---- all of it ----

    private Note note(Note.Kind kind, int events) {
        return note(kind, events, streamSender == null ? 0 : streamSender.settled(numbered.get()));
    }

    private Note note(Note.Kind kind, int events, long settled) {
        return new Note(
                kind,
                epoch,
                numbered.get(),
                heartbeat.toMillis(),
                unsent.inOrder(),
                events,
                mostEvents == 1 ? 0 : messages + (kind == Note.Kind.EVENT ? 1 : 0),
                settled);
    }

    private void sendHeartbeatIfDue() {
        long now = System.nanoTime();
        if (now - heartbeatAt >= heartbeat.toNanos()) {
            heartbeatAt = now;
            sendHeartbeat();
        }
    }

    private void sendHeartbeat() {
        // Without a connection it would only be old when it comes.
        if (!link.isConnected()) {
            return;
        }
        Headers headers = note(Note.Kind.HEARTBEAT, 1).toHeaders();
        if (streamSender == null) {
            publish(subject, headers, EMPTY);
            return;
        }
        // Beside the stream, which is not to be filled by them; in it only what is news.
        publish(subject + ALIVE, headers, EMPTY);
        if (!streamSender.isUnderWay()
                && (streamSender.isLeftOpen() || !Arrays.equals(told, unsent.inOrder()))) {
            sendToStream(streamSender, Note.Kind.HEARTBEAT, 1, EMPTY);
        }
    }

    private void sayFarewell() {
        if (streamSender != null) {
            sayFarewellToStream(streamSender);
            return;
        }
        Headers farewell = note(Note.Kind.FAREWELL, 1).toHeaders();
        while (publish(subject, farewell, EMPTY) != null) {
            if (!isTimeLeft()) {
                return;
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
        }
        try {
            long left = Math.max(1, endBy - System.nanoTime());
            link.connection().flush(Duration.ofNanos(left));
        } catch (TimeoutException | IllegalStateException e) {
            refused.warn("the last messages may not have reached the server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- for others ----

    /**
     * The account so far.
     *
     * @return the numbers, taken one after the other
     */
    public ExportStats stats() {
        Map<Cause, Long> causes = unsent.toMap();
        if (refusedLater.get() > 0) {
            causes.merge(Cause.TOO_LARGE, refusedLater.get(), Long::sum);
        }
        return new ExportStats(
                epoch,
                numbered.get(),
                sent.get(),
                causes,
                receiver.filtered(),
                streamSender == null ? 0 : streamSender.pending(),
                link.reconnects());
    }

    /**
     * Whether the export has ended: it was closed, its bus was, or it was evicted; and whatever it
     * had to send is sent, or the time for that is up.
     *
     * @return true once its thread has ended
     */
    public boolean isClosed() {
        return !thread.isAlive();
    }

    /**
     * Ends the export in order: sends what was published before this call, then the final number,
     * and waits until the server has it. Closes the connection if the export has made it. Waits no
     * longer than the {@linkplain Builder#closeTimeout time for closing}. What the export has not
     * taken from its bus by then is lost with {@link Cause#LAGGED}, and stands in {@link #stats()}
     * once {@link #isClosed()}; imports are told, if the final number reaches the server. What is
     * published after the first call is in no account: close the bus, or stop publishing, first.
     * Idempotent.
     *
     * <p>Interruption ends the wait, with the interrupt status kept; the export ends all the same.
     */
    @Override
    public void close() {
        long deadline = System.nanoTime() + closeTimeout.toNanos();
        publishedBefore.compareAndSet(-1, bus.stats().published());
        long published = publishedBefore.get();
        try {
            while (receiver.position() < published
                    && !receiver.isClosed()
                    && System.nanoTime() - deadline < 0
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
            closing = true;
            receiver.close();
            thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hurried = true;
        }
    }

    /** The subject and the origin. */
    @Override
    public String toString() {
        return "NatsExport[" + subject + "]";
    }

    /**
     * Sets up an export. Not thread-safe.
     *
     * @param <E> the type of event
     */
    public static final class Builder<E> {
        private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(1);
        private static final Duration LONGEST_HEARTBEAT = Duration.ofDays(1);
        private static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);

        private final Bus<E> bus;
        private final Function<? super E, byte[]> encoder;
        private @Nullable Connection connection;
        private @Nullable Options options;
        private @Nullable String subject;
        private @Nullable String origin;
        private @Nullable String stream;
        private @Nullable Predicate<? super E> filter;
        private @Nullable Duration patience;
        private int mostEvents = 1;
        private Duration heartbeat = Duration.ofSeconds(1);
        private Duration closeTimeout = Duration.ofSeconds(5);

        private Builder(Bus<E> bus, Function<? super E, byte[]> encoder) {
            this.bus = bus;
            this.encoder = encoder;
        }

        /**
         * Sends over a connection of the user's, which the export does not close.
         *
         * @param connection a connection with {@code maxReconnects(-1)}
         * @return this builder
         * @throws NullPointerException if {@code connection} is null
         */
        public Builder<E> connection(Connection connection) {
            this.connection = Objects.requireNonNull(connection, "connection");
            return this;
        }

        /**
         * Sends over a connection of its own, made by these options and closed with the export.
         * Without this and without a connection, the settings say how to connect: {@code
         * ron.nats.url} or {@code RON_NATS_URL}, several servers with commas between them, {@code
         * nats://127.0.0.1:4222} unless set; {@code ron.nats.credentials} or {@code
         * RON_NATS_CREDENTIALS}, the path of a file with credentials.
         *
         * @param options options with {@code maxReconnects(-1)}
         * @return this builder
         * @throws NullPointerException if {@code options} is null
         */
        public Builder<E> options(Options options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets the first part of the subject. Property {@code ron.nats.subject}, variable {@code
         * RON_NATS_SUBJECT}. Has to be given.
         *
         * @param subject names of letters, digits, '-' and '_' with dots between them, ASCII all of
         *     them, 1 to 128 characters in all
         * @return this builder
         * @throws NullPointerException if {@code subject} is null
         */
        public Builder<E> subject(String subject) {
            this.subject = Objects.requireNonNull(subject, "subject");
            return this;
        }

        /**
         * Names this process. No two processes may export under one subject with one origin at a
         * time. Property {@code ron.nats.origin}, variable {@code RON_NATS_ORIGIN}. Has to be
         * given.
         *
         * @param origin 1 to 64 letters, digits, '-' or '_', ASCII all of them
         * @return this builder
         * @throws NullPointerException if {@code origin} is null
         */
        public Builder<E> origin(String origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
            return this;
        }

        /**
         * Sends to a stream of JetStream, which keeps the events for imports that come later, and
         * sends again what the stream has not confirmed. The stream has to exist and to take the
         * subject {@code <subject>.*}. Such an export waits for the stream, whether lossless or
         * not: a lossy one lags meanwhile. Property {@code ron.nats.stream}, variable {@code
         * RON_NATS_STREAM}.
         *
         * @param stream the name of the stream: 1 to 64 letters, digits, '-' or '_', ASCII all of
         *     them
         * @return this builder
         * @throws NullPointerException if {@code stream} is null
         */
        public Builder<E> stream(String stream) {
            this.stream = Objects.requireNonNull(stream, "stream");
            return this;
        }

        /**
         * Sends only events that pass a filter, which the thread of the export runs. Events that it
         * refuses get no number and are no loss. Of events that the export lagged behind of nobody
         * knows whether it would have refused them: all of them are lost.
         *
         * @param filter true for events to send
         * @return this builder
         * @throws NullPointerException if {@code filter} is null
         */
        public Builder<E> filter(Predicate<? super E> filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Waits for the server rather than lose events on this side. While there is no connection,
         * or the client's queue is full, the export does not go on, and publishers that submit wait
         * for it, without limit: as long as the server is down.
         *
         * @return this builder
         */
        public Builder<E> lossless() {
            return lossless(UNLIMITED);
        }

        /**
         * Waits for the server as {@link #lossless()} does, but holds publishers up no longer than
         * the patience. After that the export lags like any other receiver, for good.
         *
         * @param patience as for {@link SubscribeOptions#lossless(Duration)}, more than zero
         * @return this builder
         * @throws IllegalArgumentException if {@code patience} is zero or negative
         * @throws NullPointerException if {@code patience} is null
         */
        public Builder<E> lossless(Duration patience) {
            this.patience = positive("lossless", patience);
            return this;
        }

        /**
         * Sends several events in one message, if several wait, up to 8 KiB of them. None waits for
         * more to come. So a message of NATS costs less for each event where events are small and
         * many. A program that reads the subject without a {@link NatsImport} has then to take
         * apart messages whose header says {@code events=}: of each event its length in four bytes,
         * the highest first, and then its bytes.
         *
         * <p>For {@link Bus#awaitIdle} an event is handled when the export has come back for more,
         * which may be before the message that it shares is sent.
         *
         * @param events how many at most, from 1 to 4096; 1 unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder<E> batch(int events) {
            if (events < 1 || events > Note.MOST_EVENTS) {
                throw new IllegalArgumentException(
                        "batch(" + events + "): allowed are 1 to " + Note.MOST_EVENTS);
            }
            this.mostEvents = events;
            return this;
        }

        /**
         * Sets the heartbeat. An import takes an origin for silent after three that did not come.
         *
         * @param heartbeat from one millisecond to one day; one second unless set
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         * @throws NullPointerException if {@code heartbeat} is null
         */
        public Builder<E> heartbeat(Duration heartbeat) {
            Objects.requireNonNull(heartbeat, "heartbeat");
            if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0
                    || heartbeat.compareTo(LONGEST_HEARTBEAT) > 0) {
                throw new IllegalArgumentException(
                        "heartbeat("
                                + heartbeat
                                + "): allowed are durations from one millisecond to one day");
            }
            this.heartbeat = heartbeat;
            return this;
        }

        /**
         * Sets how long closing may take.
         *
         * @param closeTimeout more than zero; 5 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         * @throws NullPointerException if {@code closeTimeout} is null
         */
        public Builder<E> closeTimeout(Duration closeTimeout) {
            this.closeTimeout = Bounds.saturated(positive("closeTimeout", closeTimeout));
            return this;
        }

        /**
         * Connects if need be, subscribes and starts.
         *
         * @return an export that runs; events published from now on are sent
         * @throws IllegalArgumentException if a setting has a value that is not allowed, or no
         *     subject or origin is given anywhere; the message names its source, the value and what
         *     is allowed
         * @throws IllegalStateException if both a connection and options are given, or the
         *     connection is closed
         * @throws IOException if no server is reached, or it refuses the connection, or has no such
         *     stream, or one that does not take the subject
         * @throws InterruptedException if the thread is interrupted while it connects
         */
        public NatsExport<E> start() throws IOException, InterruptedException {
            NatsSettings settings = NatsSettings.PROCESS;
            String subject = settings.subject(this.subject);
            String origin = settings.origin(this.origin);
            String stream = settings.stream(this.stream);
            Link link = Link.of(connection, options, settings);
            try {
                StreamConfiguration taking = link.checkStream(stream);
                if (taking != null) {
                    Link.checkTakes(taking, subject + "." + origin);
                }
                NatsExport<E> export = new NatsExport<>(this, link, subject, origin, taking);
                export.thread.start();
                return export;
            } catch (IOException | RuntimeException e) {
                link.closeIfOwned();
                throw e;
            }
        }

        private static Duration positive(String name, Duration given) {
            return Bounds.positive(name, given);
        }
    }
}
