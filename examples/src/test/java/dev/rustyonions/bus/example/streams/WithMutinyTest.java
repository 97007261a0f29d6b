package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;

import io.smallrye.mutiny.Multi;

import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

class WithMutinyTest extends StreamTest {

    @Override
    Runnable events(
            Bus<Integer> bus, Consumer<SubscribeOptions<Integer>> options, Seen<Integer> seen) {
        return subscribed(WithMutiny.events(bus, options), seen);
    }

    @Override
    Runnable received(
            Bus<Integer> bus,
            Consumer<SubscribeOptions<Integer>> options,
            Seen<Received<Integer>> seen) {
        return subscribed(WithMutiny.received(bus, options), seen);
    }

    @Override
    Consumer<Seen<Integer>> eventsAcrossLags(Bus<Integer> bus, LongConsumer onLag) {
        Multi<Integer> stream = WithMutiny.eventsAcrossLags(bus, onLag);
        return seen -> subscribed(stream, seen);
    }

    @Override
    Runnable eventsOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(WithMutiny.events(bus, o -> {}).emitOn(thread), seen);
    }

    @Override
    int takenAhead() {
        return 256;
    }

    @Override
    Runnable eventsSubscribedOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(WithMutiny.events(bus, o -> {}).runSubscriptionOn(thread), seen);
    }

    private static <T> Runnable subscribed(Multi<T> stream, Seen<T> seen) {
        return stream.subscribe().with(seen::next, seen::failed, seen::completed)::cancel;
    }
}
