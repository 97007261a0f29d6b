package dev.rustyonions.bus.example.several;

import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.Sender;

import java.util.concurrent.BlockingQueue;
import java.util.function.Function;

/** Carries what a receiver gets to where one consumer finds it, its lags and its end included. */
public final class Forwarding {
    private Forwarding() {}

    /** Waits while the queue is full: then the receiver lags, and memory does not grow. */
    public static <E, T> void toQueue(
            Receiver<E> rx, Function<Received<E>, T> as, BlockingQueue<T> queue) {
        try (rx) {
            Received<E> received;
            do {
                received = rx.recv();
                queue.put(as.apply(received));
            } while (!(received instanceof Closed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the lossless receivers of the other bus, and for no others. */
    public static <E, T> void toBus(Receiver<E> rx, Function<Received<E>, T> as, Sender<T> bus) {
        try (rx) {
            Received<E> received;
            do {
                received = rx.recv();
            } while (bus.submit(as.apply(received)) >= 0 && !(received instanceof Closed));
        }
    }
}
