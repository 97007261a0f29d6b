package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.SubscribeOptions;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.schedulers.Schedulers;

import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

class WithRxJavaTest extends StreamTest {

    @Override
    Runnable events(
            Bus<Integer> bus, Consumer<SubscribeOptions<Integer>> options, Seen<Integer> seen) {
        return subscribed(WithRxJava.events(bus, options), seen);
    }

    @Override
    Runnable received(
            Bus<Integer> bus,
            Consumer<SubscribeOptions<Integer>> options,
            Seen<Received<Integer>> seen) {
        return subscribed(WithRxJava.received(bus, options), seen);
    }

    @Override
    Consumer<Seen<Integer>> eventsAcrossLags(Bus<Integer> bus, LongConsumer onLag) {
        Flowable<Integer> stream = WithRxJava.eventsAcrossLags(bus, onLag);
        return seen -> subscribed(stream, seen);
    }

    @Override
    Runnable eventsOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(WithRxJava.events(bus, o -> {}).observeOn(Schedulers.from(thread)), seen);
    }

    @Override
    int takenAhead() {
        return 128;
    }

    @Override
    Runnable eventsSubscribedOn(ExecutorService thread, Bus<Integer> bus, Seen<Integer> seen) {
        return subscribed(
                WithRxJava.events(bus, o -> {}).subscribeOn(Schedulers.from(thread)), seen);
    }

    private static <T> Runnable subscribed(Flowable<T> stream, Seen<T> seen) {
        return stream.subscribe(seen::next, seen::failed, seen::completed)::dispose;
    }
}
