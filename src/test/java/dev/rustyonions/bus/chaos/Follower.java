package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A well-behaved receiver on a thread of its own: handles every tick, and fails at a gap that no
 * lag has told of.
 */
final class Follower {
    private final Receiver<Tick> receiver;
    private final FutureTask<Reason> loop = new FutureTask<>(this::follow);
    private long next;
    private long missed;

    private Follower(Receiver<Tick> receiver, long next) {
        this.receiver = receiver;
        this.next = next;
    }

    /** Starts {@code count} followers of a bus that nobody publishes to meanwhile. */
    static List<Follower> start(int count, Bus<Tick> bus, Thread.Builder kind) {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Follower follower = new Follower(bus.subscribe(), bus.stats().published());
            kind.start(follower.loop);
            followers.add(follower);
        }
        return followers;
    }

    private Reason follow() {
        while (true) {
            switch (receiver.recv()) {
                case Message<Tick>(long sequence, Tick tick) -> {
                    if (sequence != next) {
                        throw new AssertionError(
                                "message " + sequence + " where " + next + " was due");
                    }
                    next++;
                    tick.handled();
                }
                case Lagged<Tick>(long from, long lost) -> {
                    if (from != next) {
                        throw new AssertionError(
                                "lag from " + from + " where " + next + " was due");
                    }
                    next += lost;
                    missed += lost;
                }
                case Closed<Tick>(Reason reason) -> {
                    return reason;
                }
            }
        }
    }

    /**
     * Waits for the end and tells how many ticks this follower has missed; fails if it ended by an
     * error or a receive was wrong.
     */
    long missedAtEnd() throws ExecutionException, InterruptedException, TimeoutException {
        Reason reason = loop.get(20, TimeUnit.SECONDS);
        if (reason != Reason.BUS_CLOSED) {
            throw new AssertionError("ended by " + reason);
        }
        return missed;
    }

    /** The sequence that this follower expects next. Only once it has ended. */
    long next() {
        return next;
    }
}
