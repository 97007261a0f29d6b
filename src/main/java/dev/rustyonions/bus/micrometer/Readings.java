package dev.rustyonions.bus.micrometer;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.ReceiverStats;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the meters of a bus show: its totals and the accounts of its named receivers, taken together
 * and kept for a moment, so that one scrape of many meters walks the receivers once.
 */
final class Readings {
    /**
     * One reading.
     *
     * @param takenAt the clock at its beginning
     * @param stats the bus's totals
     * @param named by receiver name
     */
    record Reading(long takenAt, BusStats stats, Map<String, Named> named) {}

    /**
     * The living receivers of one name.
     *
     * @param depth the deepest one's
     * @param missed by those living, and by those gone while the name lived on
     */
    record Named(int depth, long missed) {}

    /** A receiver as its accounts tell it apart. */
    private record Identity(String name, int hash) {}

    private final Bus<?> bus;
    private final long freshNanos;
    private final Runnable onReading;
    private final AtomicBoolean reading = new AtomicBoolean();

    /** The largest loss seen of each living receiver. Used by the thread that takes a reading. */
    private Map<Identity, Long> living = Map.of();

    /**
     * For each living name, what its receivers that are gone had missed. Used by the thread that
     * takes a reading.
     */
    private Map<String, Long> gone = Map.of();

    private volatile Reading latest;

    /**
     * Takes a first reading.
     *
     * @param fresh how long a reading is used
     * @param onReading run after each further reading, in the thread that took it
     */
    Readings(Bus<?> bus, Duration fresh, Runnable onReading) {
        this.bus = bus;
        this.freshNanos = fresh.toNanos();
        this.onReading = onReading;
        this.latest = take();
    }

    /**
     * A reading not older than the time set, or, while another thread takes one, the one before.
     */
    Reading current() {
        Reading last = latest;
        if (System.nanoTime() - last.takenAt() < freshNanos
                || !reading.compareAndSet(false, true)) {
            return last;
        }
        Reading next;
        try {
            next = take();
            latest = next;
        } finally {
            reading.set(false);
        }
        onReading.run();
        return next;
    }

    /** The last reading, however old. */
    Reading last() {
        return latest;
    }

    private Reading take() {
        long now = System.nanoTime();
        Map<Identity, Long> seen = new HashMap<>();
        Map<String, Integer> depths = new HashMap<>();
        for (ReceiverStats receiver : bus.namedReceivers()) {
            Identity identity = new Identity(receiver.name(), receiver.hash());
            // A loss between pending and told is in neither for a moment; a counter must not fall.
            seen.merge(
                    identity,
                    Math.max(receiver.missed(), living.getOrDefault(identity, 0L)),
                    Math::max);
            depths.merge(receiver.name(), receiver.depth(), Math::max);
        }
        Map<String, Long> departed = new HashMap<>(gone);
        living.forEach(
                (identity, missed) -> {
                    if (!seen.containsKey(identity)) {
                        departed.merge(identity.name(), missed, Long::sum);
                    }
                });
        // A name that nobody bears any more is forgotten, so that names cannot add up.
        Set<String> names = new HashSet<>(depths.keySet());
        departed.keySet().retainAll(names);
        Map<String, Long> missed = new HashMap<>(departed);
        seen.forEach((identity, lost) -> missed.merge(identity.name(), lost, Long::sum));
        Map<String, Named> named = new HashMap<>();
        depths.forEach(
                (name, depth) -> named.put(name, new Named(depth, missed.getOrDefault(name, 0L))));
        living = seen;
        gone = departed;
        return new Reading(now, bus.stats(), Map.copyOf(named));
    }
}
