package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.flow.BusFlow;
import dev.rustyonions.bus.flow.LagException;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A bus as a Flux. Each subscriber has a virtual thread, which runs its operators. */
public final class WithReactor {
    private WithReactor() {}

    /** Messages, and lags in their place. */
    public static <E> Flux<Received<E>> received(
            Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return JdkFlowAdapter.flowPublisherToFlux(
                BusFlow.received(bus, Thread::startVirtualThread, options));
    }

    /** The events; a lag ends the Flux by a {@link LagException}. */
    public static <E> Flux<E> events(Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return JdkFlowAdapter.flowPublisherToFlux(
                BusFlow.events(bus, Thread::startVirtualThread, options));
    }

    /** The events; after a lag the Flux goes on behind what was missed. */
    public static <E> Flux<E> eventsAcrossLags(Bus<E> bus, LongConsumer onLag) {
        return Flux.defer(
                () -> {
                    AfterLag<E> place = new AfterLag<>(onLag); // one for each subscriber
                    return events(bus, place)
                            .doOnError(LagException.class, place::missed)
                            .retryWhen(Retry.indefinitely().filter(LagException.class::isInstance));
                });
    }
}
