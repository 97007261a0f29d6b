package dev.rustyonions.bus.soak;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What was found wrong: the first few, and how many in all. */
final class Faults {
    private static final int KEPT = 20;

    private final Queue<String> first = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();

    void found(String what) {
        if (count.incrementAndGet() <= KEPT) {
            first.add(what);
        }
    }

    void check(boolean holds, String what) {
        if (!holds) {
            found(what);
        }
    }

    long count() {
        return count.get();
    }

    Iterable<String> first() {
        return first;
    }
}
