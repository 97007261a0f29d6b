package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.nats.OriginAccount.Content;
import dev.rustyonions.bus.nats.OriginAccount.Decoded;
import dev.rustyonions.bus.nats.OriginAccount.Decoding;
import dev.rustyonions.bus.nats.OriginAccount.Undecoded;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.Subscription;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gives the events that other processes export, on a bus of its own.
 *
 * <p>What the bus carries are {@link Remote}s: events, and the news of those that did not arrive,
 * in their place and with the cause. So nothing that comes from outside gets onto a bus that is
 * exported, and no event goes round in circles, unless the program publishes it there.
 *
 * <p>For each origin the account is exact: the numbers of a run of its export, from the first that
 * is known, have arrived or are lost, each once. {@link #stats()} has the sums.
 *
 * <p>The import publishes by {@link dev.rustyonions.bus.Sender#submit}: if a lossless receiver of
 * its bus is slow, the import waits, and then its client drops. Without a stream that is told as
 * {@link Cause#SLOW_CONSUMER}; with one, what was dropped is read from it again. Receivers that are
 * not lossless lag by themselves, as on any bus.
 *
 * <p>Threads: one virtual thread, from {@link Builder#start} until {@link #close} or the close of
 * the connection, besides those of the NATS client. Either closes the bus. Thread safety: all
 * methods may be called from any thread.
 *
 * @param <E> the type of event
 */
public final class NatsImport<E> implements AutoCloseable {
    /** How long the thread waits for a message before it looks whether it is to end. */
    private static final Duration TICK = Duration.ofMillis(50);

    private static final long POSITION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration SUBSCRIBED = Duration.ofSeconds(2);

    private final Bus<Remote<E>> bus;
    private final Function<byte[], ? extends @Nullable E> decoder;
    private final Link link;
    private final Source source;

    /** Heartbeats, which are not in a stream; null without one. */
    private final @Nullable Subscription alive;

    private final boolean isStream;
    private final String prefix;
    private final @Nullable String own;
    private final int maxOrigins;
    private final Duration closeTimeout;
    private final Thread thread;
    private final Outages outages;
    private final RareLog undecodable;
    private final RareLog strange;
    private final RareLog tooMany;
    private final RareLog stale;

    private final Map<String, OriginAccount<E>> origins = new ConcurrentHashMap<>();
    private final Map<String, StreamOrder<E>> orders = new HashMap<>();
    private final AtomicLong arrived = new AtomicLong();
    private final Causes lost = new Causes(EnumSet.allOf(Cause.class));
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();

    /**
     * Whether an origin without an account is one of which the stream had nothing before, so that
     * its numbers are missed from 0 on. The thread's alone.
     */
    private boolean knowsAll;

    /** The thread's alone. */
    private final Listening listening = new Listening(System.nanoTime());

    /** Of what the client has dropped, how much has been told as lost. The thread's alone. */
    private long droppedTold;

    /** Up to where the stream has been taken, and when it was made. The thread's alone. */
    private long streamSequence;

    private long streamCreated;

    private long positionAt;

    private volatile String position = "";

    private volatile boolean closing;

    private NatsImport(
            Builder<E> with,
            Link link,
            String subject,
            @Nullable String own,
            @Nullable String stream)
            throws IOException {
        this.decoder = with.decoder;
        this.link = link;
        this.prefix = subject + ".";
        this.own = own;
        this.maxOrigins = with.maxOrigins;
        this.closeTimeout = with.closeTimeout;
        this.bus = with.bus.build();
        this.undecodable = new RareLog(toString());
        this.strange = new RareLog(toString());
        this.tooMany = new RareLog(toString());
        this.stale = new RareLog(toString());
        this.isStream = stream != null;
        this.knowsAll = knowsAll(with, own);
        Source begun = null;
        try {
            begun = source(with, link, stream);
            this.source = begun;
            this.alive =
                    stream == null
                            ? null
                            : link.connection().subscribe(prefix + "*" + NatsExport.ALIVE);
        } catch (IOException | RuntimeException e) {
            if (begun != null) {
                begun.end();
            }
            bus.close();
            throw e;
        }
        if (with.ticket != null) {
            streamSequence = with.ticket.sequence();
            streamCreated = with.ticket.created();
            with.ticket.origins().forEach(this::resume);
            position = ticket(streamSequence).toText();
        }
        this.outages = Outages.of(link, "import", own);
        this.thread = Thread.ofVirtual().name("ron-bus-nats-import").unstarted(this::run);
    }

    private static boolean knowsAll(Builder<?> with, @Nullable String own) {
        Ticket ticket = with.ticket;
        if (ticket == null) {
            return with.since == null;
        }
        return ticket.knowsAll()
                && (ticket.leftOut() == null || Objects.equals(ticket.leftOut(), own));
    }

    private Source source(Builder<E> with, Link link, @Nullable String stream) throws IOException {
        if (stream == null) {
            Subscription subscription = link.connection().subscribe(prefix + "*");
            subscription.setPendingLimits(with.pendingMessages, -1);
            return new Source.Live(link, subscription, strange);
        }
        return new StreamSource(
                link,
                stream,
                prefix + "*",
                with.since,
                with.ticket == null ? 0 : with.ticket.sequence(),
                with.ticket == null ? 0 : with.ticket.created(),
                with.pendingMessages,
                strange);
    }

    /**
     * Begins an import.
     *
     * @param decoder gives the event of the bytes that an encoder made, called by the thread of the
     *     import. Null if they are of a kind of event that this program does not know: then the
     *     event is lost with {@link Cause#UNKNOWN_TYPE}. If it throws, it is lost with {@link
     *     Cause#UNDECODABLE}, and the log has the class of what it threw, once a minute
     * @param <E> the type of event
     * @return a builder
     * @throws NullPointerException if {@code decoder} is null
     */
    @SuppressWarnings("exports") // the annotation is not needed by who calls it
    public static <E> Builder<E> builder(Function<byte[], ? extends @Nullable E> decoder) {
        return new Builder<>(Objects.requireNonNull(decoder, "decoder"));
    }

    // ---- the thread ----

    private void run() {
        try {
            while (!closing && !bus.isClosed()) {
                takeNext();
            }
            // What came before the close is told; what comes after is not waited for.
            for (long left = source.pending(); left > 0 && !bus.isClosed(); left--) {
                takeIfAny(source.next(null));
            }
        } catch (BusEnded e) {
            // The bus was closed by others, or because the time for closing was up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            strange.warn(
                    link.isClosed()
                            ? "the connection was closed, and nothing will come any more"
                            : "the import has ended by " + e.getClass().getName());
        } finally {
            notePosition(System.nanoTime());
            endAllButTheThread();
        }
    }

    private void takeNext() throws InterruptedException {
        Message message = source.next(null);
        if (message == null) {
            // All that was received up to now has been taken: who was not heard of is silent.
            long now = System.nanoTime();
            hearHeartbeats(now);
            origins.values().forEach(origin -> origin.tellIfSilent(now));
            listening.look(now, source.isReading());
            orders.values().forEach(order -> order.releaseIfGone(now, listening.brokenAt()));
            message = source.next(TICK);
        }
        takeIfAny(message);
    }

    private void hearHeartbeats(long now) throws InterruptedException {
        if (alive == null) {
            return;
        }
        for (Message message = nextHeartbeat(alive);
                message != null;
                message = nextHeartbeat(alive)) {
            String subject = message.getSubject();
            StreamOrder<E> order =
                    orders.get(
                            subject.substring(
                                    prefix.length(), subject.length() - NatsExport.ALIVE.length()));
            Note note = note(message);
            if (order != null && note != null) {
                order.hearBeside(note, now);
            }
        }
        if (now - positionAt > POSITION_NANOS) {
            notePosition(now);
        }
    }

    private static @Nullable Message nextHeartbeat(Subscription alive) throws InterruptedException {
        try {
            return alive.nextMessage((Duration) null);
        } catch (IllegalStateException e) {
            return null; // It has ended with the connection, which the source notices.
        }
    }

    private void takeIfAny(@Nullable Message message) {
        if (message == null) {
            return;
        }
        long now = System.nanoTime();
        if (!isStream) {
            take(message, now, 0);
            return;
        }
        listening.look(now, true);
        long sequence = message.metaData().streamSequence();
        take(message, now, sequence);
        // Only here: a message in whose midst the bus has ended is read again by a later import.
        streamSequence = sequence;
        streamCreated = source.created();
        if (now - positionAt > POSITION_NANOS) {
            notePosition(now);
        }
    }

    private void take(Message message, long now, long sequence) {
        String origin = message.getSubject().substring(prefix.length());
        if (origin.equals(own)) {
            return;
        }
        OriginAccount<E> known = origins.get(origin);
        Note note = known != null || Names.isOrigin(origin) ? note(message) : null;
        if (note == null) {
            foreign.incrementAndGet();
            strange.warn("a message under this subject was sent by no export of this version");
            return;
        }
        OriginAccount<E> account = known == null ? admit(origin) : known;
        if (account == null) {
            knowsAll = false;
            turnedAway.incrementAndGet();
            tooMany.warn("there are more than " + maxOrigins + " origins; the others are left out");
            return;
        }
        StreamOrder<E> order = orders.get(origin);
        OriginAccount.Verdict verdict =
                order == null
                        ? account.take(note, now, decoding(note, message))
                        : order.take(note, now, sequence, decoding(note, message));
        if (verdict == OriginAccount.Verdict.STALE) {
            stale.warn(
                    "messages come from a run of "
                            + origin
                            + " that had ended; no two processes may use one origin");
        }
    }

    /** Opens the account of an origin not known yet; null if there is no place for it. */
    private @Nullable OriginAccount<E> admit(String origin) {
        if (origins.size() >= maxOrigins) {
            OriginAccount<E> forgotten =
                    origins.values().stream()
                            .filter(OriginAccount::isSilent)
                            .min(Comparator.comparingLong(OriginAccount::heardAt))
                            .orElse(null);
            if (forgotten == null) {
                return null;
            }
            StreamOrder<E> order = orders.get(forgotten.origin);
            if (order != null) {
                order.releaseAll();
            }
            knowsAll = false;
            origins.remove(forgotten.origin);
            orders.remove(forgotten.origin);
        }
        return add(origin);
    }

    private OriginAccount<E> add(String origin) {
        OriginAccount<E> account =
                isStream
                        ? OriginAccount.inStream(origin, this::tell, knowsAll)
                        : OriginAccount.live(origin, this::tell, this::droppedByClient);
        origins.put(origin, account);
        if (isStream) {
            orders.put(origin, new StreamOrder<>(account));
        }
        return account;
    }

    private void resume(String origin, Ticket.Known known) {
        // Its own is left out: a position that has where it was would leave out the rest.
        if (!origin.equals(own)) {
            add(origin).resume(known);
        }
    }

    /** Makes the ticket of where the import stands now. */
    private void notePosition(long now) {
        if (!isStream || streamSequence == 0) {
            return; // an empty position begins with everything, one at 0 with what is left
        }
        positionAt = now;
        long taken = streamSequence;
        for (StreamOrder<E> order : orders.values()) {
            taken = Math.min(taken, order.lowestHeld() - 1);
        }
        position = ticket(taken).toText();
    }

    private Ticket ticket(long taken) {
        Map<String, Ticket.Known> known = new TreeMap<>();
        origins.forEach((origin, account) -> known.put(origin, account.known()));
        return new Ticket(taken, streamCreated, knowsAll, own, known);
    }

    private static @Nullable Note note(Message message) {
        return message.hasHeaders() ? Note.of(message.getHeaders().getFirst(Note.HEADER)) : null;
    }

    /** Gives something to the bus; false if the bus takes nothing any more. */
    private boolean tell(Remote<E> remote) {
        count(remote, 1); // before, for a receiver that looks
        if (bus.submit(remote) < 0) {
            count(remote, -1);
            return false;
        }
        JfrGate.told(remote);
        return true;
    }

    private void count(Remote<E> remote, long sign) {
        switch (remote) {
            case Remote.Arrived<E> one -> arrived.addAndGet(sign);
            case Remote.Lost<E> some -> lost.add(some.cause(), sign * some.missed());
            case Remote.Restarted<E> again -> restarts.addAndGet(sign);
            case Remote.Silent<E> nothing -> {}
        }
    }

    /** Of a gap of that size, how much the client itself has dropped and nobody was told of. */
    private long droppedByClient(long gap) {
        long dropped = Math.min(gap, source.dropped() - droppedTold);
        droppedTold += dropped;
        return dropped;
    }

    private Decoding<E> decoding(Note note, Message message) {
        if (note.events == 1) {
            return () -> decoded(message.getData());
        }
        Frames frames = new Frames(message.getData());
        return () -> {
            byte[] one = frames.next();
            if (one == null) {
                undecodable.warn("a message has fewer events than it says; they are lost");
                return new Undecoded<>(Cause.UNDECODABLE);
            }
            return decoded(one);
        };
    }

    private Content<E> decoded(byte[] bytes) {
        try {
            E event = decoder.apply(bytes);
            return event == null ? new Undecoded<>(Cause.UNKNOWN_TYPE) : new Decoded<>(event);
        } catch (Throwable e) {
            undecodable.warn(
                    "the decoder has thrown " + e.getClass().getName() + "; the event is lost");
            return new Undecoded<>(Cause.UNDECODABLE);
        }
    }

    // ---- for others ----

    /**
     * The bus of what arrives. What has arrived before the first subscription is in its window, for
     * a receiver that starts with the oldest, unless more has come than the window holds. A
     * receiver that must miss nothing subscribes in {@link Builder#beforeFirst}.
     *
     * @return the bus, which ends with this import; who closes it ends the import
     */
    public Bus<Remote<E>> bus() {
        return bus;
    }

    /**
     * Where an import from a stream stands, for a later one to go on by {@link Builder#resume}. Not
     * older than about a second while it runs, and exact once the import has ended, which it has
     * when {@link #close} returns within its time: then the later one gives nothing again that this
     * one has given, and leaves nothing out. If the time for closing was up, the position may be as
     * old as that of an import that runs: what was given since is given again, with the same
     * numbers.
     *
     * @return a text without secrets or payload, which names the origins; empty without a stream,
     *     or if nothing has come yet
     */
    public String position() {
        return position;
    }

    /**
     * The account so far.
     *
     * @return the numbers, taken one after the other
     */
    public ImportStats stats() {
        return new ImportStats(
                origins.values().stream()
                        .map(OriginAccount::stats)
                        .sorted(Comparator.comparing(OriginStats::origin))
                        .toList(),
                arrived.get(),
                lost.toMap(),
                restarts.get(),
                foreign.get(),
                turnedAway.get(),
                source.pending(),
                source.dropped(),
                link.reconnects());
    }

    /**
     * Ends the import in order: tells what has been received before this call, then closes its bus,
     * whose receivers drain. Closes the connection if the import has made it. Waits until then, but
     * no longer than the {@linkplain Builder#closeTimeout time for closing}; what is not told then
     * is not told, is in no account, and is left for a later import from a {@link #position()}.
     * Idempotent.
     *
     * <p>Interruption ends the wait, with the interrupt status kept; the import ends all the same.
     */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(closeTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bus.close(); // ends a submit that waits for a lossless receiver
        }
    }

    private void endAllButTheThread() {
        source.end();
        if (alive != null) {
            Source.leave(alive);
        }
        bus.close();
        outages.end(link);
        link.closeIfOwned();
    }

    /** The subject. */
    @Override
    public String toString() {
        return "NatsImport[" + prefix + "*]";
    }

    /**
     * Sets up an import. Not thread-safe.
     *
     * @param <E> the type of event
     */
    public static final class Builder<E> {
        private final Function<byte[], ? extends @Nullable E> decoder;
        private @Nullable Connection connection;
        private @Nullable Options options;
        private @Nullable String subject;
        private @Nullable String own;
        private @Nullable String stream;
        private @Nullable Instant since;
        private @Nullable Ticket ticket;
        private Consumer<? super Bus<Remote<E>>> beforeFirst = bus -> {};
        private BusBuilder bus = Bus.builder().name("nats-import").capacity(1024);
        private int pendingMessages = 65_536;
        private int maxOrigins = 1_000;
        private Duration closeTimeout = Duration.ofSeconds(5);

        private Builder(Function<byte[], ? extends @Nullable E> decoder) {
            this.decoder = decoder;
        }

        /**
         * Receives over a connection of the user's, which the import does not close.
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
         * Receives over a connection of its own, made by these options and closed with the import.
         * Without this and without a connection, the settings say how to connect, as for {@link
         * NatsExport.Builder#options}.
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
         * Sets the first part of the subject, as for {@link NatsExport.Builder#subject}. Has to be
         * given.
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
         * Names this process, as for {@link NatsExport.Builder#origin}. What it exports itself is
         * not imported. Without it, all origins are.
         *
         * @param origin 1 to 64 letters, digits, '-' or '_', ASCII all of them
         * @return this builder
         * @throws NullPointerException if {@code origin} is null
         */
        public Builder<E> origin(String origin) {
            this.own = Objects.requireNonNull(origin, "origin");
            return this;
        }

        /**
         * Reads from a stream of JetStream, that of {@link NatsExport.Builder#stream}: everything
         * that it still has, and then what comes. What a stream has dropped before is lost with
         * {@link Cause#EXPIRED}. Property {@code ron.nats.stream}, variable {@code
         * RON_NATS_STREAM}.
         *
         * <p>What an export sends again comes late, and the events above it are held back until it
         * has come. If nothing is heard of that export for a minute and for three of its
         * heartbeats, they are given. What is missing is lost with {@link Cause#EXPIRED} then, even
         * if it comes later.
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
         * Begins with what the stream took at a time or later, by the clock of the server. The
         * first message of each origin is its baseline, as without a stream.
         *
         * @param since the time
         * @return this builder
         * @throws IllegalStateException if {@link #resume} was given
         * @throws NullPointerException if {@code since} is null
         */
        public Builder<E> since(Instant since) {
            this.since = Objects.requireNonNull(since, "since");
            checkStart();
            return this;
        }

        /**
         * Goes on in the stream where an earlier import stood. What the stream has dropped
         * meanwhile is lost with {@link Cause#EXPIRED}, also of an origin that began meanwhile. The
         * first message of an origin that the earlier import did not know is its baseline, if that
         * import began with {@link #since}, had more origins than {@link #maxOrigins}, or left out
         * another {@link #origin}.
         *
         * @param position a {@link NatsImport#position()}; an empty one begins with everything that
         *     the stream has
         * @return this builder
         * @throws IllegalArgumentException if it is none
         * @throws IllegalStateException if {@link #since} was given
         * @throws NullPointerException if {@code position} is null
         */
        public Builder<E> resume(String position) {
            Objects.requireNonNull(position, "position");
            this.ticket = position.isEmpty() ? null : Ticket.of(position);
            checkStart();
            return this;
        }

        private void checkStart() {
            if (since != null && ticket != null) {
                throw new IllegalStateException(
                        "since(..) and resume(..): only one of the two may say where to begin");
            }
        }

        /**
         * Sets up the bus that the import makes.
         *
         * @param bus its builder; without this the bus is named {@code nats-import} and has a
         *     capacity of 1024
         * @return this builder
         * @throws NullPointerException if {@code bus} is null
         */
        public Builder<E> bus(BusBuilder bus) {
            this.bus = Objects.requireNonNull(bus, "bus");
            return this;
        }

        /**
         * Is given the bus before anything is published to it. A receiver that is subscribed here
         * misses nothing from the first on. One that is subscribed later may come too late: a
         * stream fills the window of a bus within milliseconds.
         *
         * @param beforeFirst called once, by the thread that calls {@link #start}; what it throws
         *     ends the import, and {@code start} throws it on
         * @return this builder
         * @throws NullPointerException if {@code beforeFirst} is null
         */
        public Builder<E> beforeFirst(Consumer<? super Bus<Remote<E>>> beforeFirst) {
            this.beforeFirst = Objects.requireNonNull(beforeFirst, "beforeFirst");
            return this;
        }

        /**
         * Sets how many messages the NATS client keeps for the import. More are dropped: without a
         * stream they are told as {@link Cause#SLOW_CONSUMER}, with one they are read from it
         * again.
         *
         * @param messages at least 1; 65536 unless set
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder<E> pendingMessages(int messages) {
            this.pendingMessages = atLeastOne("pendingMessages", messages);
            return this;
        }

        /**
         * Sets how many origins there may be at a time. When another one comes, the silent one that
         * was not heard of for the longest is forgotten; if none is silent, the new one is left
         * out, which {@link ImportStats#turnedAway()} counts. From then on, the first message of an
         * origin that is new to this import is its baseline in a stream too, since the origin may
         * have been there before. A position says nothing of an origin that is forgotten, so a
         * later import may give again what came of it last.
         *
         * @param origins at least 1; 1000 unless set
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder<E> maxOrigins(int origins) {
            this.maxOrigins = atLeastOne("maxOrigins", origins);
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
            this.closeTimeout = Bounds.saturated(Bounds.positive("closeTimeout", closeTimeout));
            return this;
        }

        private static int atLeastOne(String name, int given) {
            if (given < 1) {
                throw new IllegalArgumentException(
                        name + "(" + given + "): allowed are 1 and more");
            }
            return given;
        }

        /**
         * Connects if need be, subscribes and starts. Waits, for two seconds at most, until the
         * server knows of the subscription: what is exported after this returns is received. If the
         * server does not answer in that time this returns all the same, and the subscription
         * begins when it does.
         *
         * @return an import that runs
         * @throws IllegalArgumentException if a setting has a value that is not allowed, or no
         *     subject is given anywhere; the message names its source, the value and what is
         *     allowed
         * @throws IllegalStateException if both a connection and options are given, or a start
         *     without a stream, or the connection is closed
         * @throws IOException if no server is reached, or it refuses the connection, or has no such
         *     stream
         * @throws InterruptedException if the thread is interrupted while it connects
         */
        public NatsImport<E> start() throws IOException, InterruptedException {
            NatsSettings settings = NatsSettings.PROCESS;
            String subject = settings.subject(this.subject);
            String own = settings.originIfAny(this.own);
            String stream = settings.stream(this.stream);
            if (stream == null && (since != null || ticket != null)) {
                throw new IllegalStateException(
                        "since(..) and resume(..) need a stream(..): without one there is no past");
            }
            Link link = Link.of(connection, options, settings);
            NatsImport<E> made;
            try {
                link.checkStream(stream);
                made = new NatsImport<>(this, link, subject, own, stream);
            } catch (IOException | RuntimeException e) {
                link.closeIfOwned();
                throw e;
            }
            try {
                beforeFirst.accept(made.bus);
            } catch (RuntimeException | Error e) {
                made.endAllButTheThread();
                throw e;
            }
            made.thread.start();
            try {
                link.connection().flush(SUBSCRIBED);
            } catch (TimeoutException e) {
                // There is no connection: the client subscribes when there is one.
            } catch (InterruptedException e) {
                made.close();
                throw e;
            }
            return made;
        }
    }
}
