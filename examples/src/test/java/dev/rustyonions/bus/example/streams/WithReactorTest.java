package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

class WithReactorTest extends StreamTest {

    @Override
    Runnable events(
            Bus<Integer> bus, Consumer<SubscribeOptions<Integer>> options, Seen<Integer> seen) {
        return subscribed(WithReactor.events(bus, options), seen);
    }

    @Override
    Runnable received(
            Bus<Integer> bus,
            Consumer<SubscribeOptions<Integer>> options,
            Seen<Received<Integer>> seen) {
        return subscribed(WithReactor.received(bus, options), seen);
    }

    @Override
    Consumer<Seen<Integer>> eventsAcrossLags(Bus<Integer> bus, LongConsumer onLag) {
        Flux<Integer> stream = WithReactor.eventsAcrossLags(bus, onLag);
        return seen -> subscribed(stream, seen);
    }

    @Override
    Runnable eventsOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(
                WithReactor.events(bus, o -> {}).publishOn(Schedulers.fromExecutor(thread)), seen);
    }

    @Override
    int takenAhead() {
        return 256;
    }

    @Override
    Runnable eventsSubscribedOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(
                WithReactor.events(bus, o -> {}).subscribeOn(Schedulers.fromExecutor(thread)),
                seen);
    }

    private static <T> Runnable subscribed(Flux<T> stream, Seen<T> seen) {
        return stream.subscribe(seen::next, seen::failed, seen::completed)::dispose;
    }
}
