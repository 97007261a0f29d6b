package dev.rustyonions.bus.console;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads of the console's server, one for each request, within bounds: a client that does not
 * finish its request, or does not take the answer, is cut off. When there are too many, the one
 * that has been at it for longest is cut off, so that others are served whatever such clients do.
 *
 * <p>A thread is cut off by an interrupt. The server reads and writes through a channel, which is
 * closed by that.
 */
final class Exchanges implements Executor {
    /** Requests under way at once, open pages included. */
    static final int MOST = 512;

    private enum State {
        LIMITED,
        STREAMING,
        CUT_OFF
    }

    /** One request, from its first byte to the end of the answer. */
    private static final class Exchange {
        final Thread thread = Thread.currentThread();
        final AtomicReference<State> state = new AtomicReference<>(State.LIMITED);
        volatile long began = System.nanoTime();

        /** Cuts it off; false if it is a stream, or has been cut off already. */
        boolean cutOff() {
            if (!state.compareAndSet(State.LIMITED, State.CUT_OFF)) {
                return false;
            }
            thread.interrupt();
            return true;
        }
    }

    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();
    private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();
    private final long limitNanos;
    private final ThreadFactory threads;

    /**
     * Makes the threads of a server.
     *
     * @param limit how long a request may take, the stream of a page aside
     */
    Exchanges(Duration limit) {
        this.limitNanos = limit.toNanos();
        // The server reads inside monitors. Before 24 that pins the carrier of a virtual thread,
        // and a few clients that send nothing would stop all virtual threads of the process.
        this.threads =
                Runtime.version().feature() >= 24
                        ? Thread.ofVirtual().name("ron-bus-console-", 0).factory()
                        : Thread.ofPlatform().daemon().name("ron-bus-console-", 0).factory();
    }

    @Override
    public void execute(Runnable task) {
        threads.newThread(() -> run(task)).start();
    }

    private void run(Runnable task) {
        Exchange exchange = new Exchange();
        underWay.add(exchange);
        CURRENT.set(exchange);
        try {
            if (underWay.size() > MOST) {
                cutOffTheOldest();
            }
            task.run();
        } finally {
            CURRENT.remove();
            underWay.remove(exchange);
        }
    }

    /** How many requests are under way. */
    int underWay() {
        return underWay.size();
    }

    /** From now on this thread's request may last; false if it has been cut off. */
    boolean beginStream() {
        Exchange exchange = CURRENT.get();
        return exchange == null || exchange.state.compareAndSet(State.LIMITED, State.STREAMING);
    }

    /** The stream is over, and what is left to do is limited again. */
    void endStream() {
        Exchange exchange = CURRENT.get();
        if (exchange != null) {
            exchange.began = System.nanoTime();
            exchange.state.set(State.LIMITED);
        }
    }

    /** Cuts one off, and another one if somebody else has just done so. */
    private void cutOffTheOldest() {
        long now = System.nanoTime();
        while (true) {
            Optional<Exchange> oldest =
                    underWay.stream()
                            .filter(exchange -> exchange.state.get() == State.LIMITED)
                            .max(Comparator.comparingLong(exchange -> now - exchange.began));
            if (oldest.isEmpty() || oldest.get().cutOff()) {
                return;
            }
        }
    }

    /** Cuts off the requests that have taken too long. To be called now and then. */
    void cutOff() {
        long now = System.nanoTime();
        for (Exchange exchange : underWay) {
            if (now - exchange.began > limitNanos) {
                boolean unused = exchange.cutOff();
            }
        }
    }
}
