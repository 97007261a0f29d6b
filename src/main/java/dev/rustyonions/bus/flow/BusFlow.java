package dev.rustyonions.bus.flow;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A bus as a {@link Flow.Publisher}. Each subscriber gets a receiver of its own and a task on an
 * executor, which blocks in that receiver.
 *
 * <p>Demand is honoured: without demand a subscriber is given nothing. Its receiver then takes one
 * message ahead and no more, so it lags like any receiver that does not read. How that is told is
 * chosen by the method.
 *
 * <p>The stream completes when the bus is closed and the subscriber has been given everything
 * published before, without further demand. Cancelling ends the receiver at once. It ends by an
 * error, which is
 *
 * <ul>
 *   <li>what the bus threw, if it refuses the options, or the executor, if it refuses the task;
 *   <li>what the filter or the key function of the options threw;
 *   <li>a {@link java.util.concurrent.CancellationException} if the receiver was evicted or the
 *       task interrupted;
 *   <li>an {@link IllegalArgumentException} if the subscriber requested less than one element.
 * </ul>
 *
 * <p>A lag, and an eviction while a message waits for demand, are told with the next demand. A
 * subscriber that throws is cancelled, and what it threw is thrown by the task.
 *
 * <p>The task holds its thread for as long as the subscription lasts, also while it waits: use an
 * executor with a virtual thread for each task. In a pool there can be no more subscribers than
 * threads.
 *
 * <p>Thread safety: the publishers may be used by any thread. {@code subscribe} does not block.
 */
public final class BusFlow {
    /** For a subscriber that could not subscribe: the specification wants one before the error. */
    private static final Flow.Subscription OF_NOTHING =
            new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            };

    private BusFlow() {}

    /**
     * Publishes the events of a bus. A lag ends the stream by a {@link LagException}.
     *
     * @param bus the bus
     * @param executor runs a task for each subscriber; a virtual thread each is best
     * @param <E> the type of event
     * @return a publisher of the events published from each subscription on
     * @throws NullPointerException if an argument is null
     */
    public static <E> Flow.Publisher<E> events(Bus<E> bus, Executor executor) {
        return events(bus, executor, options -> {});
    }

    /**
     * As {@link #events(Bus, Executor)}, with options for each receiver.
     *
     * @param bus the bus
     * @param executor runs a task for each subscriber
     * @param options sets what is wanted, as for {@link Bus#subscribe(Consumer)}
     * @param <E> the type of event
     * @return a publisher of the events
     * @throws NullPointerException if an argument is null
     */
    public static <E> Flow.Publisher<E> events(
            Bus<E> bus, Executor executor, Consumer<SubscribeOptions<E>> options) {
        return publisher(
                bus,
                executor,
                options,
                (received, subscriber) -> {
                    if (received instanceof Message<E> message) {
                        subscriber.onNext(message.event());
                        return true;
                    }
                    return false;
                });
    }

    /**
     * Publishes what a receiver of a bus is given: messages, and lags in their place in the order.
     *
     * @param bus the bus
     * @param executor runs a task for each subscriber; a virtual thread each is best
     * @param <E> the type of event
     * @return a publisher of {@link Message}s and {@link dev.rustyonions.bus.Lagged}s from each
     *     subscription on; a {@link dev.rustyonions.bus.Closed} is never among them
     * @throws NullPointerException if an argument is null
     */
    public static <E> Flow.Publisher<Received<E>> received(Bus<E> bus, Executor executor) {
        return received(bus, executor, options -> {});
    }

    /**
     * As {@link #received(Bus, Executor)}, with options for each receiver.
     *
     * @param bus the bus
     * @param executor runs a task for each subscriber
     * @param options sets what is wanted, as for {@link Bus#subscribe(Consumer)}
     * @param <E> the type of event
     * @return a publisher of what a receiver is given
     * @throws NullPointerException if an argument is null
     */
    public static <E> Flow.Publisher<Received<E>> received(
            Bus<E> bus, Executor executor, Consumer<SubscribeOptions<E>> options) {
        return publisher(
                bus,
                executor,
                options,
                (received, subscriber) -> {
                    subscriber.onNext(received);
                    return true;
                });
    }

    private static <E, T> Flow.Publisher<T> publisher(
            Bus<E> bus,
            Executor executor,
            Consumer<SubscribeOptions<E>> options,
            Subscription.Giver<E, T> giver) {
        Objects.requireNonNull(bus, "bus");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(options, "options");
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            Receiver<E> receiver;
            try {
                receiver = bus.subscribe(options);
            } catch (RuntimeException refused) {
                subscriber.onSubscribe(OF_NOTHING);
                subscriber.onError(refused);
                return;
            }
            new Subscription<>(receiver, subscriber, giver).start(executor);
        };
    }
}
