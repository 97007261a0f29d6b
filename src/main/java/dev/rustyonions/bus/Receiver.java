package dev.rustyonions.bus;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One subscriber's handle: its place in the bus's order and its account of what it got.
 *
 * <p>Thread safety: a receiver belongs to one task. The receiving methods ({@code recv}, {@code
 * recvTimeout}, {@code tryRecv}, {@code drain}, {@code consume}) are to be called by one thread at
 * a time; a second thread is told by an {@link IllegalStateException} where that is noticed, which
 * is always the case if both wait. {@link #close} and the counters may be called from any thread.
 *
 * <p>Account: whenever the receiver is not inside a call, the messages it has passed since its
 * start are exactly {@code delivered() + filtered() + conflated() + missed()}.
 *
 * <p>Close a receiver that is not used any more, with try-with-resources for instance. One that is
 * merely dropped is noticed some time after it has been garbage collected; until then it counts as
 * subscribed.
 *
 * @param <E> the type of event
 */
public sealed interface Receiver<E> extends AutoCloseable permits BusReceiver {
    /**
     * Waits for the next message, for the news that messages were missed, or for the end.
     *
     * <p>Blocks only while there is nothing: until something is published, the bus or this receiver
     * is closed, or the thread is interrupted. On a bus that nobody publishes to and nobody closes
     * it blocks for ever. A virtual thread that waits here does not hold its carrier.
     *
     * <p>A thread of a {@link java.util.concurrent.ForkJoinPool} that has to wait tells its pool,
     * which may run its other tasks on another thread meanwhile.
     *
     * @return a {@link Message}, a {@link Lagged}, or {@link Closed}: by the close of the bus once
     *     everything before it has been received, by the close of this receiver at once, by
     *     interruption (on entry or while waiting, of a receiver that has not ended) with the
     *     interrupt status kept
     * @throws IllegalStateException if another thread is waiting on this receiver
     */
    Received<E> recv();

    /**
     * Like {@link #recv()}, but waits no longer than the given time.
     *
     * @param timeout how long at most; zero or less behaves as {@link #tryRecv()}; more than about
     *     292 years means 292 years
     * @return what {@link #recv()} would, or {@link Empty} when the time is up
     * @throws IllegalStateException if another thread is waiting on this receiver
     * @throws NullPointerException if {@code timeout} is null
     */
    Polled<E> recvTimeout(Duration timeout);

    /**
     * Takes what is there. Does not wait and takes no notice of interruption. With a filter that
     * refuses everything it returns {@link Empty} after a window of refused messages, though
     * publishers may have gone on meanwhile.
     *
     * @return what {@link #recv()} would, or {@link Empty} when nothing is there
     * @throws IllegalStateException if another thread is waiting on this receiver
     */
    Polled<E> tryRecv();

    /**
     * Hands over what was there when it was called, in order, up to a number. What is published
     * meanwhile, by the handler perhaps, is left for later. Does not wait and takes no notice of
     * interruption. What the handler throws is thrown on; the message it was given counts as
     * delivered and the receiver remains usable.
     *
     * @param max how many messages and lags at most, at least 1; a lag takes its place among them
     * @param handler called with each message and lag; if the end is reached before {@code max},
     *     called with the {@link Closed} once in this call
     * @return how many messages and lags were handed over; {@code Closed} is not counted
     * @throws IllegalArgumentException if {@code max} is less than 1
     * @throws IllegalStateException if another thread is waiting on this receiver
     * @throws NullPointerException if {@code handler} is null
     */
    int drain(int max, Consumer<? super Received<E>> handler);

    /**
     * Receives until the end: the loop that most users would write. Blocks as {@link #recv()} does.
     *
     * <p>What a handler throws ends the loop and is thrown on; the message counts as delivered and
     * the receiver remains usable. It also stays subscribed until it is closed, and in an executor
     * nobody may see what was thrown. Therefore this is told first: by a warning in the log, at
     * most 10 a minute for each bus, with the class of what was thrown and not its message, which
     * may quote an event; by an event {@code ronbus.Failure} of the flight recorder; and to {@link
     * BusObserver#failed}. The same holds for what a filter throws.
     *
     * @param onEvent called with each event
     * @param onLag called with the number of messages missed, for each lag
     * @return why the loop ended
     * @throws IllegalStateException if another thread is waiting on this receiver
     * @throws NullPointerException if a handler is null
     */
    Reason consume(Consumer<? super E> onEvent, LongConsumer onLag);

    /**
     * Receives until the end, as {@link #consume(Consumer, LongConsumer)} does, for a handler that
     * wants each message whole.
     *
     * @param handler called with each message and each lag
     * @param <X> what the handler may throw
     * @return why the loop ended
     * @throws X what the handler throws; it is told first, as for the other {@code consume}
     * @throws IllegalStateException if another thread is waiting on this receiver
     * @throws NullPointerException if {@code handler} is null
     */
    <X extends Exception> Reason consume(Handler<E, X> handler) throws X;

    /**
     * Receives until the end, and calls the handler too when there has been nothing to receive for
     * a while: a thread that only waits in a receive never notices that the client it writes to has
     * gone. Messages that a filter refuses, or that are conflated, do not put the heartbeat off.
     *
     * @param handler called with each message and each lag, and when there was none for {@code
     *     heartbeat} since its last call returned
     * @param heartbeat how long to wait, more than zero; more than about 292 years means 292 years
     * @param <X> what the handler may throw
     * @return why the loop ended
     * @throws X what the handler throws; it is told first, as for the other {@code consume}
     * @throws IllegalArgumentException if {@code heartbeat} is zero or negative
     * @throws IllegalStateException if another thread is waiting on this receiver
     * @throws NullPointerException if an argument is null
     */
    <X extends Exception> Reason consume(Handler<E, X> handler, Duration heartbeat) throws X;

    /**
     * Messages given to the caller. Each counts when it is given, before it has been handled.
     *
     * @return the number so far
     */
    long delivered();

    /**
     * Messages missed, as told by {@link Lagged}, those published before the subscription included.
     * What is lost and not told yet is not in it, but in the bus's {@link Bus#stats()}.
     *
     * @return the number so far
     */
    long missed();

    /**
     * Messages refused by the filter. While the filter looks at a message, that one is counted
     * here.
     *
     * @return the number so far
     */
    long filtered();

    /**
     * Messages left out because a later one had the same key; see {@link
     * SubscribeOptions#conflateBy}.
     *
     * @return the number so far; 0 without conflation
     */
    long conflated();

    /**
     * Messages published and not yet received. Zero does not mean that the last one has been
     * handled.
     *
     * @return 0 to the bus's capacity; 0 once the receiver has ended
     */
    int depth();

    /**
     * The sequence of the next message to be received, or to be told as missed. Once the receiver
     * has ended: of the one that was next then. With {@link Bus#id()} it is a ticket for {@link
     * SubscribeOptions#resume}.
     *
     * <p>A message is passed when it is given to the caller, before it has been handled. In a
     * handler the position is one above the message that the handler was given.
     *
     * @return a sequence, at least 0
     */
    long position();

    /**
     * Whether this receiver was subscribed by {@link SubscribeOptions#resume} and goes on where the
     * ticket says.
     *
     * @return false if it was subscribed otherwise, or the ticket says nothing of this bus; {@link
     *     SubscribeOptions#resume} says where it started then
     */
    boolean isResumed();

    /**
     * Whether the receiver has ended: it was closed or evicted, or has been told of the end of its
     * bus. A receiver that has still to read what a closed bus retains has not ended.
     *
     * @return true if every receive from now on returns {@link Closed}
     */
    boolean isClosed();

    /**
     * The number of the subscription, by which {@link Bus#receivers()} lists it and {@link
     * Bus#evict} ends it.
     *
     * @return a number from 0, different for each receiver of a bus
     */
    long id();

    /**
     * The name given at subscription.
     *
     * @return the name, if there is one
     */
    Optional<String> name();

    /**
     * Ends the subscription. Any thread may call it, any number of times; it does not wait. A
     * thread waiting in this receiver returns {@link Closed} with {@link Reason#RECEIVER_CLOSED},
     * as does every receive from now on, in an interrupted thread too; messages not yet received
     * are not delivered any more. A receiver that has been told {@link Reason#BUS_CLOSED} has ended
     * already and goes on saying so. A thread that is blocked elsewhere, in a handler that writes
     * to a socket for instance, is not freed.
     */
    @Override
    void close();
}
