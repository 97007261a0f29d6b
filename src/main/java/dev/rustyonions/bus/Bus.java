package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Appender;
import dev.rustyonions.bus.ring.Channel;
import dev.rustyonions.bus.ring.PadBefore;
import dev.rustyonions.bus.ring.Ring;
import dev.rustyonions.bus.ring.Totals;
import dev.rustyonions.bus.ring.WarmUp;

import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/** What a bus consists of; publishers read it, so it shares no cache line with what is written. */
abstract class BusParts extends PadBefore {
    final BusConfig config;
    final Channel channel;
    final Observers observers;
    final BusId id;

    BusParts(BusConfig config, Channel channel, Observers observers) {
        this.config = config;
        this.channel = channel;
        this.observers = observers;
        this.id = new BusId();
    }
}

/**
 * A bounded broadcast bus: each event goes to every receiver subscribed when it is published.
 *
 * <p>Publishing by {@link #publish} never waits. The bus keeps the last {@link #capacity()}
 * messages, its window; a receiver that falls further behind loses the oldest ones and is told
 * exactly how many by a {@link Lagged}. Receivers wait in {@link Receiver#recv()}, best one virtual
 * thread each:
 *
 * {@snippet :
 * void supervise() {
 *     try (Bus<Event> bus = Bus.create(256)) {
 *         Receiver<Event> rx = bus.subscribe(); // before its task starts
 *         Thread.ofVirtual().start(() -> {
 *             try (rx) {
 *                 rx.consume(this::handle, this::resynchronize);
 *             }
 *         });
 *         bus.publish(new Event.Health("db", true));
 *     }
 * }
 * }
 *
 * <p>Order: all messages of a bus are in one total order, numbered from 0 without gaps, which every
 * receiver sees; the events of one publisher are in it in the order published. {@link #close()} has
 * its place in that order as well.
 *
 * <p>Memory: the bus refers to the events in its window, the last {@code capacity} published,
 * whether they have been received or not.
 *
 * <p>A bus that nobody closes leaves its receivers waiting for ever: use try-with-resources.
 *
 * <p>Loss by choice: a receiver may ask to miss nothing, by {@link SubscribeOptions#lossless()},
 * and a publisher may wait for such receivers, by {@link #submit}. Both kinds of receivers and both
 * kinds of publishers may be mixed on one bus.
 *
 * <p>Thread safety: all methods may be called from any thread. None blocks but {@link #submit},
 * {@link #offer}, {@link #submitMany}, {@link #awaitIdle} and {@link #awaitReceivers}.
 *
 * @param <E> the type of event, usually a sealed hierarchy of records; events must not be modified
 *     once published and must not carry secrets or personal data
 */
public final class Bus<E> extends BusParts implements Sender<E>, AutoCloseable {
    static {
        WarmUp.run();
    }

    /** In nanoseconds: 292 years. */
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** In place of a time to wait: whatever lossless receivers have not read is overwritten. */
    private static final long NOT_WAITING = -1;

    private static final Comparator<ReceiverStats> FURTHEST_BEHIND_FIRST =
            Comparator.comparingInt(ReceiverStats::depth)
                    .reversed()
                    .thenComparing(ReceiverStats::lossless, Comparator.reverseOrder())
                    .thenComparingLong(ReceiverStats::id);

    int afterGap;
    long a00, a01, a02, a03, a04, a05, a06, a07, a10, a11, a12, a13, a14, a15, a16, a17;

    Bus(BusConfig config) {
        this(config, new MessageRing(config.capacity()));
    }

    private Bus(BusConfig config, Ring ring) {
        this(
                config,
                ring,
                new Observers(
                        config.name(),
                        ring,
                        new LagLog(config.name(), config.overflowWarnPerMinute())));
    }

    private Bus(BusConfig config, Ring ring, Observers observers) {
        super(
                config,
                new Channel(
                        ring,
                        config.mode() == Mode.EDGE ? config.linger().toNanos() : 0,
                        config.amnesia(),
                        observers),
                observers);
    }

    /**
     * Creates a bus configured by system properties and environment. Where they name no capacity it
     * is chosen by the number of receivers that they name, see {@link BusBuilder#autotune}; where
     * they name neither it is 256.
     *
     * @param <E> the type of event
     * @return an open bus
     * @throws IllegalArgumentException if a property or variable has a value that is not allowed,
     *     or two of them contradict each other; the message names them
     */
    public static <E> Bus<E> create() {
        return new Bus<>(ConfigResolver.PROCESS.resolve(new Settings()));
    }

    /**
     * Creates a bus of a given capacity, otherwise configured by system properties and environment.
     *
     * @param capacity how many messages to retain, at least 1; rounded up to a power of two from 2
     *     to 65536
     * @param <E> the type of event
     * @return an open bus
     * @throws IllegalArgumentException if {@code capacity} is less than 1, or a property or
     *     variable has a value that is not allowed
     */
    public static <E> Bus<E> create(int capacity) {
        return new Bus<>(ConfigResolver.PROCESS.resolve(capacity));
    }

    /**
     * Begins the configuration of a bus.
     *
     * @return a new builder
     */
    public static BusBuilder builder() {
        return new BusBuilder();
    }

    // ---- publishing ----

    @Override
    public int publish(E event) {
        return publishSequenced(event) == Ring.CLOSED ? 0 : channel.receiverCount();
    }

    @Override
    public long publishSequenced(E event) {
        Objects.requireNonNull(event, "event");
        Sampler sampler = observers.sampler;
        return sampler == null
                ? channel.publish(event)
                : publishSampled(sampler, event, NOT_WAITING);
    }

    @Override
    public long submit(E event) {
        return submit(event, UNLIMITED);
    }

    @Override
    public long offer(E event, Duration timeout) {
        return submit(event, Durations.nanos(Objects.requireNonNull(timeout, "timeout")));
    }

    private long submit(E event, long nanos) {
        Objects.requireNonNull(event, "event");
        Sampler sampler = observers.sampler;
        return sampler == null
                ? channel.submit(event, nanos)
                : publishSampled(sampler, event, nanos);
    }

    private long publishSampled(Sampler sampler, E event, long nanos) {
        long expected = sampler.expected();
        if (!sampler.isSampled(expected)) {
            return publish(event, nanos);
        }
        long began = sampler.begin(expected, event);
        long sequence = publish(event, nanos);
        if (sequence >= 0) {
            try {
                sampler.end(expected, sequence, began);
            } catch (Throwable dropped) {
                // The event is published, and its publisher must be told so.
            }
        }
        return sequence;
    }

    private long publish(E event, long nanos) {
        return nanos == NOT_WAITING ? channel.publish(event) : channel.submit(event, nanos);
    }

    @Override
    public int publishMany(List<? extends E> events) {
        return append(events, appender(false));
    }

    @Override
    public int submitMany(List<? extends E> events) {
        return append(events, appender(true));
    }

    private int append(List<? extends E> events, Appender appender) {
        Objects.requireNonNull(events, "events");
        Object[] copy = events.toArray();
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] == null) {
                throw new NullPointerException("events[" + i + "]");
            }
        }
        int accepted = 0;
        long began = observers.beginBatch();
        try {
            while (accepted < copy.length) {
                observers.beforeAppend(appender, copy[accepted], began);
                if (appender.append(copy[accepted]) < 0) {
                    break;
                }
                accepted++;
            }
        } finally {
            appender.commit();
            observers.endBatch(began, accepted);
        }
        return accepted;
    }

    @Override
    public Batch<E> batch() {
        return new Batch<>(appender(false), observers, config.flushThreshold());
    }

    @Override
    public Batch<E> waitingBatch() {
        return new Batch<>(appender(true), observers, config.flushThreshold());
    }

    private Appender appender(boolean waits) {
        return channel.appender(config.epochYield() ? config.burst() : 0, waits);
    }

    /**
     * The publishing side alone, to hand out.
     *
     * @return a view of this bus that can neither subscribe nor evict nor close
     */
    public Sender<E> sender() {
        return new BusSender<>(this);
    }

    // ---- subscribing ----

    /**
     * Subscribes from now: the first message received is the next one published.
     *
     * <p>On a closed bus the receiver finds the end at once.
     *
     * @return a receiver, for one task, which is to close it
     */
    public Receiver<E> subscribe() {
        return subscribe(options -> {});
    }

    /**
     * Subscribes with options.
     *
     * <p>On a closed bus the receiver drains what is retained from its start on, then finds the
     * end. With amnesia a closed bus has dropped what no receiver could read any more: then {@code
     * oldest} and {@code last} start above that, and {@code from} begins with a {@link Lagged}.
     *
     * <p>A receiver that starts with what was published before is told of all it misses, but what
     * it misses of that is no loss in the totals, in the log or for observers: nobody was slow.
     *
     * @param options sets what is wanted, for instance {@code o -> o.name("audit").oldest()}
     * @return a receiver, for one task, which is to close it
     * @throws IllegalArgumentException if the start is a sequence above the next one to be
     *     published
     * @throws NullPointerException if {@code options} is null
     */
    public Receiver<E> subscribe(Consumer<SubscribeOptions<E>> options) {
        Objects.requireNonNull(options, "options");
        return subscribe(new SubscribeOptions<>(null, id), options);
    }

    /**
     * Subscribes from now to one branch of the hierarchy of events. Events of other types count as
     * {@linkplain Receiver#filtered() filtered}.
     *
     * @param type the type wanted, a class or interface
     * @param <T> the type wanted
     * @return a receiver, for one task, which is to close it
     * @throws IllegalArgumentException if {@code type} is primitive, such as {@code int.class}, of
     *     which no event ever is
     * @throws NullPointerException if {@code type} is null
     */
    public <T extends E> Receiver<T> subscribe(Class<T> type) {
        return subscribe(type, options -> {});
    }

    /**
     * Subscribes to one branch of the hierarchy of events, with options. Their filter is asked
     * about events of that type only.
     *
     * @param type the type wanted, a class or interface
     * @param options sets what is wanted, as for {@link #subscribe(Consumer)}
     * @param <T> the type wanted
     * @return a receiver, for one task, which is to close it
     * @throws IllegalArgumentException if {@code type} is primitive, or the start is a sequence
     *     above the next one to be published
     * @throws NullPointerException if an argument is null
     */
    public <T extends E> Receiver<T> subscribe(
            Class<T> type, Consumer<SubscribeOptions<T>> options) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(options, "options");
        if (type.isPrimitive()) {
            throw new IllegalArgumentException(
                    "subscribe("
                            + type
                            + ".class): no event is of a primitive type; the class of its objects"
                            + " is "
                            + MethodType.methodType(type).wrap().returnType().getSimpleName()
                            + ".class");
        }
        return subscribe(new SubscribeOptions<>(type, id), options);
    }

    private <T extends E> Receiver<T> subscribe(
            SubscribeOptions<T> chosen, Consumer<SubscribeOptions<T>> options) {
        options.accept(chosen);
        return new BusReceiver<>(channel, chosen, observers);
    }

    // ---- state ----

    /**
     * What tells this bus from every other, those of other processes and of earlier runs included.
     * Together with the sequence of a message it makes a ticket that {@link
     * SubscribeOptions#resume} takes.
     *
     * <p>Random, made at the first call; the same ever after.
     *
     * @return the identifier
     */
    public UUID id() {
        return id.get();
    }

    /**
     * How many messages the bus retains.
     *
     * @return the effective capacity, a power of two from 2 to 65536
     */
    public int capacity() {
        return channel.capacity();
    }

    /**
     * The mode of the bus.
     *
     * @return the mode
     */
    public Mode mode() {
        return config.mode();
    }

    /**
     * The configuration in force, with the effective capacity.
     *
     * @return the configuration
     */
    public BusConfig config() {
        return config;
    }

    /**
     * Takes the totals without stopping anyone. Costs time proportional to the number of receivers.
     *
     * @return the totals
     */
    public BusStats stats() {
        return stats(named -> {});
    }

    /**
     * Takes the totals and, in the same walk over the receivers, the accounts of those living that
     * were given a name. Costs time proportional to the number of all receivers.
     *
     * @param named called with each account, most recent subscriptions first
     * @return the totals
     * @throws NullPointerException if {@code named} is null
     */
    public BusStats stats(Consumer<? super ReceiverStats> named) {
        Objects.requireNonNull(named, "named");
        Totals totals =
                channel.totals(
                        (receiver, account, missed, depth, waiting) -> {
                            if (account.label() != null) {
                                named.accept(
                                        Observers.stats(receiver, account, missed, depth, waiting));
                            }
                        });
        return new BusStats(
                channel.published(),
                totals.missed(),
                totals.conflated(),
                channel.wakeups(),
                channel.receiverCount(),
                totals.depth(),
                channel.capacity(),
                channel.isClosed(),
                channel.publisherWaits(),
                channel.publishersWaiting());
    }

    /**
     * Takes the accounts of all living receivers, without stopping them: who is behind, who holds
     * publishers up, who is idle. Costs time and memory proportional to their number.
     *
     * @return the accounts, the receiver furthest behind first; among those of one depth the
     *     lossless ones first, then the earlier subscription
     */
    public List<ReceiverStats> receivers() {
        List<ReceiverStats> all = new ArrayList<>();
        channel.totals(
                (receiver, account, missed, depth, waiting) ->
                        all.add(Observers.stats(receiver, account, missed, depth, waiting)));
        all.sort(FURTHEST_BEHIND_FIRST);
        return List.copyOf(all);
    }

    /**
     * Ends a receiver from the publishers' side: one that is stuck, for instance, and holds
     * publishers up. Its next receive, or the one in which it waits, returns {@link Closed} with
     * {@link Reason#EVICTED}. A thread that is blocked elsewhere, in a handler that writes to a
     * socket for instance, is not freed, but nobody waits for it any more.
     *
     * @param id the number of its subscription, as {@link #receivers()} lists it
     * @return true if this call ended it; false if no receiver that lives has that number
     */
    public boolean evict(long id) {
        Object evicted = channel.evict(id);
        if (evicted instanceof BusReceiver<?> receiver) {
            receiver.endLags();
        }
        return evicted != null;
    }

    /**
     * Waits until all that was published before the call has been handled: every receiver that
     * lives has taken it, or has missed it and been told, and has come back for more; or has ended.
     * Once the bus is closed, until every receiver has ended. For tests, and for an ordered
     * shutdown.
     *
     * <p>What a receiver's thread did with those messages happens-before the return of true.
     * Receivers that are drained or polled count as having come back at their next receive. A
     * receiver that nobody reads is idle only as long as nothing has been published since its
     * start. Looks at all receivers again and again, at most every 50 microseconds and at least
     * every millisecond.
     *
     * @param timeout how long at most; zero or less to look once; more than about 292 years means
     *     292 years
     * @return false if the time is up, or the thread is interrupted, with the interrupt status kept
     * @throws NullPointerException if {@code timeout} is null
     */
    public boolean awaitIdle(Duration timeout) {
        return channel.awaitIdle(Durations.nanos(Objects.requireNonNull(timeout, "timeout")));
    }

    /**
     * Waits until so many receivers are subscribed. For tests, and for a service that is not to
     * publish before those who listen are there.
     *
     * @param count how many at least, from 0
     * @param timeout how long at most; zero or less to look once; more than about 292 years means
     *     292 years
     * @return false if the time is up, or the thread is interrupted, with the interrupt status kept
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws NullPointerException if {@code timeout} is null
     */
    public boolean awaitReceivers(int count, Duration timeout) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "awaitReceivers(" + count + "): allowed are 0 and more");
        }
        return channel.awaitReceivers(
                count, Durations.nanos(Objects.requireNonNull(timeout, "timeout")));
    }

    /**
     * Says which capacity would have held, judged by the lags of late: how far each receiver was
     * behind when it lagged, what it had missed since it was last up to date included. Lags of a
     * minute ago count half. The capacity of a bus never changes; to change it, make another bus.
     *
     * @return the advice
     */
    public Advice advice() {
        return observers.lagSizes.advice();
    }

    /**
     * Registers an observer; {@link BusObserver} says what it is told of. Several may be
     * registered, each with samples of its own.
     *
     * @param observer the observer, which the bus refers to until the observation ends
     * @return what ends the observation
     * @throws IllegalArgumentException if the observer asks for a negative period of samples
     * @throws NullPointerException if {@code observer} is null
     */
    public BusObserver.Registration observe(BusObserver observer) {
        return observers.register(Objects.requireNonNull(observer, "observer"));
    }

    /**
     * Whether the bus is closed.
     *
     * @return true once {@link #close()} has taken effect
     */
    public boolean isClosed() {
        return channel.isClosed();
    }

    /**
     * Closes the bus. Messages published before can still be received, all of a full window
     * included; then receivers find {@link Closed}. What is published after reaches nobody and is
     * not accepted, also what a receiver publishes in answer to the close. Idempotent; does not
     * wait for receivers: an executor whose tasks receive is to be closed after the bus.
     */
    @Override
    public void close() {
        channel.close();
    }

    /** The name, the mode and the capacity. */
    @Override
    public String toString() {
        return "Bus[" + config.name() + ", " + config.mode() + ", capacity=" + capacity() + "]";
    }
}
