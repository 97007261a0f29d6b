package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.flow.BusFlow;
import dev.rustyonions.bus.flow.LagException;

import io.reactivex.rxjava3.core.Flowable;

import org.reactivestreams.FlowAdapters;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A bus as a Flowable. Each subscriber has a virtual thread, which runs its operators. */
public final class WithRxJava {
    private WithRxJava() {}

    /** Messages, and lags in their place. */
    public static <E> Flowable<Received<E>> received(
            Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return Flowable.fromPublisher(
                FlowAdapters.toPublisher(
                        BusFlow.received(bus, Thread::startVirtualThread, options)));
    }

    /** The events; a lag ends the Flowable by a {@link LagException}. */
    public static <E> Flowable<E> events(Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return Flowable.fromPublisher(
                FlowAdapters.toPublisher(BusFlow.events(bus, Thread::startVirtualThread, options)));
    }

    /** The events; after a lag the Flowable goes on behind what was missed. */
    public static <E> Flowable<E> eventsAcrossLags(Bus<E> bus, LongConsumer onLag) {
        return Flowable.defer(
                () -> {
                    AfterLag<E> place = new AfterLag<>(onLag); // one for each subscriber
                    return events(bus, place)
                            .retry(
                                    error -> {
                                        if (error instanceof LagException lag) {
                                            place.missed(lag);
                                            return true;
                                        }
                                        return false;
                                    });
                });
    }
}
