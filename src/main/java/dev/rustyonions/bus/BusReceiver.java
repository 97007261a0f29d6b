package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Channel;
import dev.rustyonions.bus.ring.Cursor;
import dev.rustyonions.bus.ring.NoMessage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** The receiver of a bus: a cursor, with the filter and the outcomes of the API. */
final class BusReceiver<E> extends Cursor implements Receiver<E> {
    private static final Empty<?> EMPTY = new Empty<>();

    /**
     * Resolves the class when this one is initialised. The cast in {@link #next}, which follows the
     * taking of a message, then has nothing left to do that could fail.
     */
    @SuppressWarnings("unused")
    private static final Class<?> RESOLVED = Message.class;

    /** For {@link #step}: take whatever is next. */
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final @Nullable Predicate<? super E> filter;
    private final @Nullable Conflation<E> conflation;
    private final @Nullable String name;
    private final boolean resumed;
    private final Observers observers;

    /** For the log; null until the first lag. Written by the owner only. */
    private volatile LagLog.@Nullable Lags lags;

    /** For the advice; null until the first lag. Owner only. */
    private LagSizes.@Nullable Deficit deficit;

    BusReceiver(Channel channel, SubscribeOptions<E> options, Observers observers) {
        this(
                channel,
                options,
                observers,
                options.key() == null ? null : new Conflation<>(options.key(), options.filter()));
    }

    /** Makes nothing that could fail, since the receiver is subscribed as soon as super returns. */
    private BusReceiver(
            Channel channel,
            SubscribeOptions<E> options,
            Observers observers,
            @Nullable Conflation<E> conflation) {
        super(
                channel,
                options.start(),
                options.isLatestOnLag(),
                options.name(),
                options.patience() == null ? LOSSY : Durations.nanos(options.patience()));
        this.filter = options.filter();
        this.conflation = conflation;
        this.name = options.name();
        this.resumed = position() == options.resumedFrom();
        this.observers = observers;
        if (filter == null && conflation == null) {
            takeAtOnce();
        }
    }

    // ---- receiving ----

    @Override
    public Received<E> recv() {
        if (!Thread.currentThread().isInterrupted()) {
            Message<E> message = next();
            if (message != null) {
                return message;
            }
        }
        return recvStepping();
    }

    private Received<E> recvStepping() {
        checkOwner();
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                return interrupted();
            }
            Polled<E> polled = step(NO_LIMIT);
            if (polled instanceof Received<E> received) {
                return received;
            }
            if (polled != null) {
                observers.askFlightRecorder();
                await(FOREVER);
            }
        }
    }

    @Override
    public Polled<E> recvTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            return tryRecv();
        }
        if (!Thread.currentThread().isInterrupted()) {
            Message<E> message = next();
            if (message != null) {
                return message;
            }
        }
        return recvTimeoutStepping(Math.min(Durations.nanos(timeout), FOREVER - 1));
    }

    private Polled<E> recvTimeoutStepping(long nanos) {
        checkOwner();
        long left = nanos;
        long deadline = 0;
        boolean timed = false;
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                return interrupted();
            }
            Polled<E> polled = step(NO_LIMIT);
            if (polled instanceof Received<E>) {
                return polled;
            }
            // The clock is read only when there is nothing to return at once.
            if (timed) {
                left = deadline - System.nanoTime();
            } else {
                deadline = System.nanoTime() + left;
                timed = true;
            }
            if (left <= 0) {
                return empty();
            }
            if (polled != null) {
                observers.askFlightRecorder();
                await(left);
            }
        }
    }

    @Override
    public Polled<E> tryRecv() {
        Message<E> message = next();
        if (message != null) {
            return message;
        }
        return tryRecvStepping();
    }

    private Polled<E> tryRecvStepping() {
        checkOwner();
        // A filter that refuses all must not keep the caller here while publishers go on: a
        // window's worth, no more.
        for (int refused = 0; refused <= capacity() + 1; refused++) {
            Polled<E> polled = step(NO_LIMIT);
            if (polled != null) {
                return polled;
            }
        }
        return empty();
    }

    @Override
    public int drain(int max, Consumer<? super Received<E>> handler) {
        if (max < 1) {
            throw new IllegalArgumentException("drain(" + max + "): allowed are 1 and more");
        }
        Objects.requireNonNull(handler, "handler");
        checkOwner();
        // What is there is what was there at the call: publishers, the handler among them perhaps,
        // may stay ahead for ever. A lag that comes on top is followed by a message above the
        // limit.
        long limit = tail();
        int handed = 0;
        long before = beginHandling();
        try {
            while (handed < max) {
                if (filter == null && conflation == null) {
                    handed += takeRun(max - handed, limit, taking(handler));
                    if (handed == max) {
                        break;
                    }
                }
                Polled<E> polled = step(limit);
                if (polled == null) {
                    continue;
                }
                if (polled instanceof Received<E> received) {
                    handler.accept(received);
                    if (received instanceof Closed<E>) {
                        break;
                    }
                    handed++;
                } else {
                    break;
                }
            }
        } finally {
            endHandling(before);
        }
        return handed;
    }

    @Override
    public Reason consume(Consumer<? super E> onEvent, LongConsumer onLag) {
        Objects.requireNonNull(onEvent, "onEvent");
        Objects.requireNonNull(onLag, "onLag");
        long before = beginHandling();
        try {
            while (true) {
                switch (recv()) {
                    case Message<E> message -> onEvent.accept(message.event());
                    case Lagged<E> lagged -> onLag.accept(lagged.missed());
                    case Closed<E> closed -> {
                        return closed.reason();
                    }
                }
            }
        } catch (Throwable e) {
            tellFailure(e);
            throw e;
        } finally {
            endHandling(before);
        }
    }

    @Override
    public <X extends Exception> Reason consume(Handler<E, X> handler) throws X {
        return handle(Objects.requireNonNull(handler, "handler"), null);
    }

    @Override
    public <X extends Exception> Reason consume(Handler<E, X> handler, Duration heartbeat)
            throws X {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(heartbeat, "heartbeat");
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException(
                    "consume(handler, " + heartbeat + "): the heartbeat must be more than zero");
        }
        return handle(handler, heartbeat);
    }

    private <X extends Exception> Reason handle(Handler<E, X> handler, @Nullable Duration heartbeat)
            throws X {
        long before = beginHandling();
        try {
            while (true) {
                switch (heartbeat == null ? recv() : recvTimeout(heartbeat)) {
                    case Message<E> message -> handler.onMessage(message);
                    case Lagged<E> lagged -> handler.onLag(lagged);
                    case Empty<E> nothing -> handler.onHeartbeat();
                    case Closed<E> closed -> {
                        return closed.reason();
                    }
                }
            }
        } catch (Throwable e) {
            tellFailure(e);
            throw e;
        } finally {
            endHandling(before);
        }
    }

    /** Tells that {@link #consume} ends by {@code e}, which an executor's task may never show. */
    private void tellFailure(Throwable e) {
        try {
            observers.failed(name, e.getClass());
        } catch (Throwable dropped) {
            // The caller is to get what was thrown, and nothing in its place.
        }
    }

    /**
     * Takes the next message if nothing else is to be done, as most of the time; null if something
     * may be, and then {@link #step} does it. Nothing is called after the taking, so nothing keeps
     * the message from the caller.
     */
    @SuppressWarnings("unchecked") // as in own, which is a call, and may not be one here
    private @Nullable Message<E> next() {
        return (Message<E>) takeNext();
    }

    /**
     * Takes one message below {@code limit} or one signal; null if it was a message that the filter
     * refused.
     */
    private @Nullable Polled<E> step(long limit) {
        Object found = peek();
        if (found instanceof Message<?> any) {
            Message<E> message = own(any);
            long sequence = message.sequence();
            if (sequence >= limit) {
                return empty();
            }
            if (conflation != null) {
                return conflated(message, conflation);
            }
            if (filter != null) {
                return filtered(message, filter);
            }
            // The last call that may fail: from here on nothing keeps the message from the caller.
            takeDelivered(sequence);
            Sampler sampler = observers.sampler;
            if (sampler != null) {
                try {
                    sampler.received(name, message, subscribedAt());
                } catch (Throwable dropped) {
                    // The message is taken and must reach the caller. Caught here and not in a
                    // method, because a call may overflow before it gets to its own catch.
                }
            }
            return message;
        }
        // No switch: it has a class of its own, whose initialisation a deep caller's first receive
        // could break for ever.
        if (found == NoMessage.EMPTY) {
            return empty();
        }
        if (found == NoMessage.LAGGED) {
            return lagged();
        }
        endLags();
        return closed((NoMessage) found);
    }

    private @Nullable Polled<E> filtered(Message<E> message, Predicate<? super E> test) {
        takeFiltered(message.sequence());
        if (!test.test(message.event())) {
            return null;
        }
        countAccepted();
        try {
            sample(message);
        } catch (Throwable dropped) {
            // The message is taken and must reach the caller; the call itself may overflow.
        }
        return message;
    }

    private @Nullable Polled<E> conflated(Message<E> message, Conflation<E> by) {
        long sequence = message.sequence();
        Conflation.Fate fate;
        try {
            fate = by.fateOf(message, capacity(), this::messageAhead);
        } catch (Throwable e) {
            takeFiltered(sequence);
            throw e;
        }
        // No switch: see step.
        if (fate == Conflation.Fate.GIVEN) {
            takeDelivered(sequence);
            try {
                sample(message);
            } catch (Throwable dropped) {
                // The message is taken and must reach the caller; the call itself may overflow.
            }
            return message;
        }
        if (fate == Conflation.Fate.SUPERSEDED) {
            takeConflated(sequence);
        } else {
            takeFiltered(sequence);
        }
        return null;
    }

    private @Nullable Message<E> messageAhead(long sequence) {
        return ahead(sequence) instanceof Message<?> message ? own(message) : null;
    }

    private void sample(Message<?> message) {
        Sampler sampler = observers.sampler;
        if (sampler != null) {
            try {
                sampler.received(name, message, subscribedAt());
            } catch (Throwable dropped) {
                // The message is counted already and must reach the caller.
            }
        }
    }

    private Closed<E> closed(NoMessage signal) {
        if (signal == NoMessage.BUS_CLOSED) {
            return new Closed<>(Reason.BUS_CLOSED);
        }
        return new Closed<>(signal == NoMessage.EVICTED ? Reason.EVICTED : Reason.RECEIVER_CLOSED);
    }

    /** What an interrupted thread is told: of a receiver that has ended, its end as before. */
    private Closed<E> interrupted() {
        NoMessage end = endedBy();
        return end == null ? new Closed<>(Reason.INTERRUPTED) : closed(end);
    }

    private Polled<E> lagged() {
        Lagged<E> lag = new Lagged<>(lagFrom(), lagMissed());
        try {
            tell(lag);
        } catch (Throwable dropped) {
            // What keeps others from hearing of the lag must not keep the receiver from it.
        }
        lagTold();
        return lag;
    }

    /** Tells others of a lag, as far as it lost what was published since the subscription. */
    private void tell(Lagged<E> lag) {
        long from = Math.max(lag.from(), subscribedAt());
        long missed = lag.from() + lag.missed() - from;
        if (missed > 0) {
            LagLog.Lags told = lags;
            if (told == null) {
                told = new LagLog.Lags(name);
                lags = told;
                deficit = new LagSizes.Deficit(name, id());
            }
            if (deficit != null) {
                observers.lagSizes.lagged(deficit, from, missed, dryAt(), isLatestOnLag());
            }
            observers.lagged(told, missed == lag.missed() ? lag : new Lagged<>(from, missed));
        }
    }

    /*
     * The channel carries only messages made from this bus's events; a receiver of a subtype has a
     * filter for that type.
     */
    @SuppressWarnings("unchecked")
    private Message<E> own(Message<?> message) {
        return (Message<E>) message;
    }

    /* As above: what a run hands over are messages of this bus. */
    @SuppressWarnings("unchecked")
    private Consumer<Object> taking(Consumer<? super Received<E>> handler) {
        Consumer<Object> taken = (Consumer<Object>) (Consumer<?>) handler;
        if (observers.sampler == null) {
            return taken;
        }
        return message -> {
            sample((Message<?>) message);
            taken.accept(message);
        };
    }

    @SuppressWarnings("unchecked")
    private Polled<E> empty() {
        return (Polled<E>) EMPTY;
    }

    // ---- state ----

    @Override
    public boolean isResumed() {
        return resumed;
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    @Override
    public void close() {
        unsubscribe();
        endLags();
    }

    /** Lets the log say what it has not said of this receiver, which has ended. */
    void endLags() {
        try {
            observers.endLags(lags);
        } catch (Throwable dropped) {
            // The receiver has ended; totals and metrics hold its loss as well.
        }
    }

    /** The class and hash that a thread dump shows for a thread waiting here, and the name. */
    @Override
    public String toString() {
        String identity =
                getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(this));
        return name == null ? identity : identity + "[" + name + "]";
    }
}
