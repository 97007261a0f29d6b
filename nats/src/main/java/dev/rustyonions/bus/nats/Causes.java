package dev.rustyonions.bus.nats;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts by cause. Any thread may read them, and any may count. */
final class Causes {
    /** Has all of its keys from the start, so that it is never changed. */
    private final Map<Cause, AtomicLong> counts = new EnumMap<>(Cause.class);

    Causes(Collection<Cause> causes) {
        causes.forEach(cause -> counts.put(cause, new AtomicLong()));
    }

    void add(Cause cause, long count) {
        AtomicLong counter = counts.get(cause);
        if (counter == null) {
            throw new IllegalArgumentException(cause + " is not counted here");
        }
        counter.addAndGet(count);
    }

    /** The counts, in the order of the causes. */
    long[] inOrder() {
        long[] inOrder = new long[counts.size()];
        int at = 0;
        for (AtomicLong counter : counts.values()) {
            inOrder[at++] = counter.get();
        }
        return inOrder;
    }

    /** Those that are not 0. */
    Map<Cause, Long> toMap() {
        Map<Cause, Long> map = new EnumMap<>(Cause.class);
        counts.forEach(
                (cause, counter) -> {
                    long count = counter.get();
                    if (count != 0) {
                        map.put(cause, count);
                    }
                });
        return map;
    }

    static long sum(Map<Cause, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
