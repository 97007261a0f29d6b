package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Start;
import dev.rustyonions.bus.text.Text;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How to subscribe: where to start, what to refuse, what to do after a lag. Handed to the argument
 * of {@link Bus#subscribe(java.util.function.Consumer)} and read when that returns; what is set
 * afterwards has no effect. Not thread-safe.
 *
 * @param <E> the type of event
 */
public final class SubscribeOptions<E> {
    /** In place of a sequence to go on from: another bus has given it, or none. */
    static final long NOT_RESUMED = -1;

    private static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);

    private @Nullable String name;
    private @Nullable Predicate<? super E> filter;
    private Start start = new Start.Now();
    private String startGiven = "";
    private boolean latestOnLag;
    private @Nullable Function<? super E, ?> key;
    private @Nullable Duration patience;

    private final @Nullable Class<E> type;
    private final BusId busId;
    private boolean ticketGiven;
    private long resumedFrom = NOT_RESUMED;

    /**
     * Begins with all that an unnamed receiver of everything from now on has.
     *
     * @param type what events are received at all; null for those of every type
     * @param busId the identifier of the bus
     */
    SubscribeOptions(@Nullable Class<E> type, BusId busId) {
        this.type = type;
        this.busId = busId;
    }

    /**
     * Names the receiver, for log messages and for metrics of its own. Called twice, the later name
     * holds.
     *
     * @param name 1 to 128 characters, not blank, no control characters, line separators or marks
     *     that turn the direction of text
     * @return these options
     * @throws IllegalArgumentException if {@code name} is anything else
     * @throws NullPointerException if {@code name} is null
     */
    public SubscribeOptions<E> name(String name) {
        Objects.requireNonNull(name, "name");
        if (!Text.isName(name)) {
            String quoted = Text.quoted(name);
            throw Text.refused("name(" + quoted + ")", quoted, Text.NAME);
        }
        this.name = name;
        return this;
    }

    /**
     * Starts with the oldest message retained, instead of the next one published.
     *
     * @return these options
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> oldest() {
        return startAt(new Start.Last(Long.MAX_VALUE), "oldest()");
    }

    /**
     * Starts with the last messages published.
     *
     * @param count how many, at least 0; where fewer are retained, those
     * @return these options
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> last(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("last(" + count + "): allowed are 0 and more");
        }
        return startAt(new Start.Last(count), "last(" + count + ")");
    }

    /**
     * Starts with a given sequence. If it is no longer retained, the first receive is a {@link
     * Lagged}.
     *
     * @param sequence the first sequence to receive, at least 0; at most the next one to be
     *     published, which {@code subscribe} checks
     * @return these options
     * @throws IllegalArgumentException if {@code sequence} is negative
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> from(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("from(" + sequence + "): sequences start at 0");
        }
        return startAt(new Start.At(sequence), "from(" + sequence + ")");
    }

    /**
     * Goes on where an earlier receiver stood, perhaps one of a process that has ended. If the bus
     * is the one that the ticket is of, starts with that sequence, as {@link #from} does. If it is
     * another one, or the sequence is above the next one to be published, the ticket says nothing
     * of this bus. Then it starts where the options given before say; without any, with sequence 0,
     * so that everything published on this bus is received, or told as {@link Lagged} where it is
     * no longer retained. {@link Receiver#isResumed()} says which. How many events the other bus
     * published after the ticket nobody knows, and they are counted nowhere.
     *
     * <p>Never refuses a ticket for what it holds, since tickets come back from clients.
     *
     * @param bus the {@link Bus#id()} of the bus that the ticket is of
     * @param sequence the first sequence to receive, at least 0: a {@link Receiver#position()}, or
     *     one above the sequence of the last message handled
     * @return these options
     * @throws IllegalArgumentException if {@code sequence} is negative
     * @throws IllegalStateException if a ticket was given before
     * @throws NullPointerException if {@code bus} is null
     */
    public SubscribeOptions<E> resume(UUID bus, long sequence) {
        Objects.requireNonNull(bus, "bus");
        String given = "resume(" + bus + ", " + sequence + ")";
        if (sequence < 0) {
            throw new IllegalArgumentException(given + ": sequences start at 0");
        }
        if (ticketGiven) {
            throw new IllegalStateException(given + ": the start has been given as " + startGiven);
        }
        ticketGiven = true;
        Start otherwise = startGiven.isEmpty() ? new Start.At(0) : start;
        startGiven = given;
        if (bus.equals(busId.get())) {
            resumedFrom = sequence;
            start = new Start.Resume(sequence, otherwise);
        } else {
            start = otherwise;
        }
        return this;
    }

    private SubscribeOptions<E> startAt(Start start, String given) {
        if (!startGiven.isEmpty()) {
            throw new IllegalStateException(given + ": the start has been given as " + startGiven);
        }
        this.start = start;
        this.startGiven = given;
        return this;
    }

    /**
     * Receives only events that pass a filter. It runs in the receiving thread, on messages that
     * were not missed; what it refuses counts as {@linkplain Receiver#filtered() filtered}. If it
     * throws, the message counts as filtered, the exception is thrown by the receive, and the
     * receiver remains usable.
     *
     * @param filter true for events to receive
     * @return these options
     * @throws IllegalStateException if a filter was given before
     * @throws NullPointerException if {@code filter} is null
     */
    public SubscribeOptions<E> filter(Predicate<? super E> filter) {
        if (this.filter != null) {
            throw new IllegalStateException(
                    "filter given twice; combine the two with Predicate.and");
        }
        this.filter = Objects.requireNonNull(filter, "filter");
        return this;
    }

    /**
     * After a lag, goes on with the newest message instead of the oldest retained. What that skips
     * counts as missed.
     *
     * @return these options
     * @throws IllegalStateException if the receiver is to be lossless
     */
    public SubscribeOptions<E> latestOnLag() {
        latestOnLag = true;
        checkPolicies();
        return this;
    }

    /**
     * Makes the receiver lossless: publishers that wait, by {@link Sender#submit} and its like,
     * wait until it has taken what they would overwrite. If all publishers of the bus wait, it
     * misses nothing. What publishers that do not wait overwrite, it misses and is told of like any
     * other. Called twice, the later call holds.
     *
     * <p>A lossless receiver whose handler is stuck holds up every publisher that waits, for as
     * long as it is subscribed: see {@link #lossless(Duration)} and {@link Bus#evict}.
     *
     * @return these options
     * @throws IllegalStateException if {@link #latestOnLag} was given
     */
    public SubscribeOptions<E> lossless() {
        return lossless(UNLIMITED);
    }

    /**
     * Makes the receiver lossless as {@link #lossless()} does, for as long as it moves. When
     * publishers have waited at one message for longer than the patience, the receiver becomes a
     * lossy one for good: it is told what it then misses by {@link Lagged}, and the log, observers
     * and metrics hear of it.
     *
     * @param patience for how long publishers wait for it while it does not move, more than zero;
     *     more than about 292 years means for ever. Measured by the publishers that wait, to about
     *     a millisecond
     * @return these options
     * @throws IllegalArgumentException if {@code patience} is zero or negative
     * @throws IllegalStateException if {@link #latestOnLag} was given
     * @throws NullPointerException if {@code patience} is null
     */
    public SubscribeOptions<E> lossless(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        if (patience.isZero() || patience.isNegative()) {
            throw new IllegalArgumentException(
                    "lossless(" + patience + "): the patience must be more than zero");
        }
        this.patience = patience;
        checkPolicies();
        return this;
    }

    private void checkPolicies() {
        if (latestOnLag && patience != null) {
            throw new IllegalStateException(
                    "lossless() and latestOnLag() exclude each other: the one asks to miss nothing,"
                            + " the other to miss more than need be");
        }
    }

    /**
     * Leaves out what is out of date. As long as the receiver keeps up it is given every message.
     * When it finds more than one waiting it is given, in their order, only those that no later
     * message waiting has the same key as; the others count as {@linkplain Receiver#conflated()
     * conflated}. So a receiver that is behind gets the newest state of everything, and catches up.
     *
     * <p>The function runs in the receiving thread, at most once for each message that waits and
     * passes the filter. If it throws, the filter and, if others wait behind that message, the
     * function are asked again when its turn has come. If one throws then, the message counts as
     * filtered, the exception is thrown by that receive, and the receiver remains usable.
     *
     * @param key gives the key of an event, with {@code equals} and {@code hashCode} of its own;
     *     null for an event that is never to be left out
     * @return these options
     * @throws IllegalStateException if a key function was given before
     * @throws NullPointerException if {@code key} is null
     */
    public SubscribeOptions<E> conflateBy(Function<? super E, ?> key) {
        if (this.key != null) {
            throw new IllegalStateException(
                    "conflateBy given twice; combine the two keys in one, a record for instance");
        }
        this.key = Objects.requireNonNull(key, "key");
        return this;
    }

    @Nullable String name() {
        return name;
    }

    /** What to receive; null for everything. */
    @Nullable Predicate<? super E> filter() {
        Class<E> type = this.type;
        Predicate<? super E> filter = this.filter;
        if (type == null) {
            return filter;
        }
        Predicate<E> ofType = type::isInstance;
        return filter == null ? ofType : event -> type.isInstance(event) && filter.test(event);
    }

    Start start() {
        return start;
    }

    /** The sequence to go on from, or {@link #NOT_RESUMED}. */
    long resumedFrom() {
        return resumedFrom;
    }

    boolean isLatestOnLag() {
        return latestOnLag;
    }

    @Nullable Function<? super E, ?> key() {
        return key;
    }

    /** For how long publishers wait for it; null if not at all. */
    @Nullable Duration patience() {
        return patience;
    }
}
