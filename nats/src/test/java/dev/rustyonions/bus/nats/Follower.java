package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Handler;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Follows the bus of an import as a user would, and keeps an account of its own from what it is
 * given alone: that numbers follow each other without a gap, and none comes twice.
 */
final class Follower implements AutoCloseable {
    /** What came of one origin. */
    static final class Seen {
        volatile boolean known;
        volatile long next;
        volatile long first;
        volatile long arrived;
        volatile long restarts;
        volatile long silences;
        volatile boolean closed;
        final Map<Cause, Long> lost = new ConcurrentHashMap<>(new EnumMap<>(Cause.class));
        final List<Object> events = new ArrayList<>();

        long lostInAll() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final Map<String, Seen> origins = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Receiver<? extends Remote<?>> receiver;
    private final Thread thread;

    private <E> Follower(Bus<Remote<E>> bus) {
        Receiver<Remote<E>> receiver = bus.subscribe(o -> o.oldest().lossless());
        this.receiver = receiver;
        this.thread = Thread.ofVirtual().start(() -> follow(receiver));
    }

    /** Follows from what the bus still has on, as a lossless receiver. */
    static <E> Follower of(NatsImport<E> imported) {
        return new Follower(imported.bus());
    }

    private <E> void follow(Receiver<Remote<E>> receiver) {
        try {
            receiver.consume(
                    new Handler<Remote<E>, RuntimeException>() {
                        @Override
                        public void onMessage(Message<Remote<E>> message) {
                            take(message.event());
                        }

                        @Override
                        public void onLag(Lagged<Remote<E>> lag) {
                            throw new AssertionError("the import must wait for this receiver");
                        }
                    });
        } catch (Throwable e) {
            failure.set(e);
        }
    }

    private void take(Remote<?> remote) {
        Seen seen = of(remote.origin());
        switch (remote) {
            case Remote.Arrived<?>(String origin, long number, Object event) -> {
                follows(seen, number);
                seen.next = number + 1;
                seen.events.add(event);
                seen.arrived++;
            }
            case Remote.Lost<?>(String origin, long from, long missed, Cause cause) -> {
                assertThat(missed).isPositive();
                follows(seen, from);
                seen.next = from + missed;
                seen.lost.merge(cause, missed, Long::sum);
            }
            case Remote.Restarted<?>(String origin) -> {
                seen.next = 0;
                seen.restarts++;
            }
            case Remote.Silent<?>(String origin, boolean closed) -> {
                seen.silences++;
                seen.closed = closed;
            }
        }
    }

    private static void follows(Seen seen, long number) {
        if (!seen.known) {
            seen.known = true;
            seen.first = number;
            seen.next = number;
        }
        assertThat(number).isEqualTo(seen.next);
    }

    Seen of(String origin) {
        return origins.computeIfAbsent(origin, name -> new Seen());
    }

    /** What it was given must have been in order up to now. */
    void check() {
        if (failure.get() != null) {
            throw new AssertionError("the import's bus was out of order", failure.get());
        }
    }

    @Override
    public void close() {
        receiver.close();
        try {
            thread.join(NatsServer.PATIENCE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        check();
    }
}
