package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.flow.BusFlow;
import dev.rustyonions.bus.flow.LagException;

import io.smallrye.mutiny.Multi;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A bus as a Multi. Each subscriber has a virtual thread, which runs its operators. */
public final class WithMutiny {
    private WithMutiny() {}

    /** Messages, and lags in their place. */
    public static <E> Multi<Received<E>> received(
            Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return Multi.createFrom()
                .publisher(BusFlow.received(bus, Thread::startVirtualThread, options));
    }

    /** The events; a lag ends the Multi by a {@link LagException}. */
    public static <E> Multi<E> events(Bus<E> bus, Consumer<SubscribeOptions<E>> options) {
        return Multi.createFrom()
                .publisher(BusFlow.events(bus, Thread::startVirtualThread, options));
    }

    /** The events; after a lag the Multi goes on behind what was missed. */
    public static <E> Multi<E> eventsAcrossLags(Bus<E> bus, LongConsumer onLag) {
        return Multi.createFrom()
                .deferred(
                        () -> {
                            AfterLag<E> place = new AfterLag<>(onLag); // one for each subscriber
                            return events(bus, place)
                                    .onFailure(LagException.class)
                                    .invoke(lag -> place.missed((LagException) lag))
                                    .onFailure(LagException.class)
                                    .retry()
                                    .indefinitely();
                        });
    }
}
