package dev.rustyonions.bus.document.example;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Values loaded from a source, as long as the keys that change there are published on a bus. */
final class InvalidatedCache<K, V> {
    private final Receiver<K> changes;
    private final Function<K, V> source;
    private final AtomicLong generation = new AtomicLong();
    private volatile ConcurrentHashMap<K, V> values = new ConcurrentHashMap<>();
    private volatile boolean ended;

    InvalidatedCache(Bus<K> changes, Function<K, V> source) {
        this.changes = changes.subscribe(); // before the first load
        this.source = source;
    }

    /** For a thread of its own: returns when the bus or the receiver is closed. */
    void follow() {
        try (changes) {
            changes.consume(this::invalidate, missed -> invalidateAll());
        } finally {
            ended = true; // nobody tells of changes any more
        }
    }

    V get(K key) {
        if (ended) {
            return source.apply(key);
        }
        ConcurrentHashMap<K, V> current = values;
        V cached = current.get(key);
        if (cached != null) {
            return cached;
        }
        long noted = generation.get(); // before the source is read
        V loaded = source.apply(key);
        current.compute(key, (k, present) -> generation.get() == noted ? loaded : present);
        return loaded;
    }

    /** Moves the generation and removes the entry in one step, so that no load gets in between. */
    private void invalidate(K key) {
        values.compute(
                key,
                (k, present) -> {
                    generation.incrementAndGet();
                    return null;
                });
    }

    /** A load that has begun puts its value into the old map, where nobody looks any more. */
    private void invalidateAll() {
        values = new ConcurrentHashMap<>();
    }
}
