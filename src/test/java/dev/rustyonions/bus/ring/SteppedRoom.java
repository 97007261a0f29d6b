package dev.rustyonions.bus.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A room in which a publisher can be stopped while it is parked. What the other threads do
 * meanwhile runs in place of the sleep. A publisher looks only when it is woken: a sleep that no
 * unpark ends fails, as a wake-up that was lost. A sleep of less than a second is over at once.
 */
final class SteppedRoom extends Room {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Deque<Runnable> meanwhile = new ArrayDeque<>();
    private final List<Thread> unparked = new ArrayList<>();
    private Thread failing;

    SteppedRoom(Ring ring) {
        super(ring);
    }

    /** Runs {@code others} once, in the next park that has not yet been given steps. */
    void duringNextPark(Runnable others) {
        meanwhile.add(others);
    }

    /** Fails, from now on, whenever that thread is to be unparked. */
    void failAt(Thread thread) {
        failing = thread;
    }

    @Override
    long relook(boolean first) {
        return Long.MAX_VALUE;
    }

    @Override
    void parkNanos(long nanos) {
        Thread self = Thread.currentThread();
        if (unparked.remove(self) || nanos < SECOND) {
            return;
        }
        if (!meanwhile.isEmpty()) {
            meanwhile.remove().run();
        }
        if (!unparked.remove(self)) {
            throw new AssertionError("parked, and nobody is going to wake this publisher");
        }
    }

    @Override
    void unpark(Thread thread) {
        if (thread.equals(failing)) {
            throw new PlantedError();
        }
        unparked.add(thread);
    }
}
