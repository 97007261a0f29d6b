package dev.rustyonions.bus.document.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The guide's cache, in the races that leave a stale entry in a cache that only removes. */
class InvalidatedCacheTest {
    private static final List<String> TOLD = List.of("key");
    private static final List<String> LOST = List.of("key", "another", "a third");

    @Test
    void aLoadThatReadBeforeAnInvalidationAndPutsAfterItLeavesNoStaleEntry() {
        assertThat(cachedAfterALoadOvertakenBy(TOLD, InvalidatedCacheTest::followed))
                .isEqualTo("new");
    }

    @Test
    @SuppressWarnings("try") // the close is what the follower waits for
    void aLoadThatReadBeforeALagAndPutsAfterItLeavesNoStaleEntry() {
        AtomicReference<String> value = new AtomicReference<>("old");
        try (Bus<Key> bus = Buses.open(Mode.CLASSIC, 2)) {
            InvalidatedCache<Key, String> cache = new InvalidatedCache<>(bus, key -> value.get());
            Key held = new Key("key", 2); // the first look finds nothing, the second is for the put
            Task<String> load = Task.start(ThreadKind.VIRTUAL, () -> cache.get(held));
            Latches.await(held.looking);

            value.set("new");
            Key behindTheLag = new Key("another", 1); // its change is not to move the generation
            bus.publishMany(List.of(new Key("key", 0), behindTheLag, new Key("a third", 0)));
            Task<Void> following = Task.run(ThreadKind.VIRTUAL, cache::follow);
            Latches.await(behindTheLag.looking);
            assertThat(bus.stats().missed()).isEqualTo(1);

            held.mayLook.countDown();
            assertThat(load.result()).isEqualTo("old");
            assertThat(cache.get(new Key("key", 0))).isEqualTo("new");
            behindTheLag.mayLook.countDown();
            bus.close();
            following.result();
        }
    }

    @Test
    @SuppressWarnings("try") // the close is what the follower waits for
    void aLagDropsEverythingThatIsCached() {
        Source source = new Source();
        source.values.putAll(Map.of("key", "old", "other", "older"));
        try (Bus<String> bus = Buses.open(Mode.CLASSIC, 2)) {
            InvalidatedCache<String, String> cache = new InvalidatedCache<>(bus, source);
            assertThat(cache.get("key")).isEqualTo("old");
            assertThat(cache.get("other")).isEqualTo("older");
            source.values.putAll(Map.of("key", "new", "other", "newer"));
            bus.publishMany(List.of("key", "other", "another", "a third"));
            Task<Void> following = Task.run(ThreadKind.VIRTUAL, cache::follow).untilParked();
            assertThat(cache.get("key")).isEqualTo("new");
            assertThat(cache.get("other")).isEqualTo("newer");
            bus.close();
            following.result();
        }
    }

    @Test
    @SuppressWarnings("try") // the close is what the follower waits for
    void anInvalidationBetweenTheLoadAndThePutLeavesNoStaleEntry() {
        AtomicReference<String> value = new AtomicReference<>("old");
        try (Bus<Key> bus = Buses.open(Mode.CLASSIC, 4)) {
            InvalidatedCache<Key, String> cache = new InvalidatedCache<>(bus, key -> value.get());
            Key held = new Key("key", 2); // the first look finds nothing, the second is for the put
            Task<String> load = Task.start(ThreadKind.VIRTUAL, () -> cache.get(held));
            Latches.await(held.looking);

            value.set("new");
            bus.publish(new Key("key", 0));
            Task<Void> following = Task.run(ThreadKind.VIRTUAL, cache::follow).untilParked();

            held.mayLook.countDown();
            assertThat(load.result()).isEqualTo("old");
            assertThat(cache.get(new Key("key", 0))).isEqualTo("new");
            bus.close();
            following.result();
        }
    }

    @Test
    void aCacheThatOnlyRemovesKeepsAStaleEntryInBothRaces() {
        assertThat(cachedAfterALoadOvertakenBy(TOLD, RemovingCache::new)).isEqualTo("old");
        assertThat(cachedAfterALoadOvertakenBy(LOST, RemovingCache::new)).isEqualTo("old");
    }

    @Test
    @SuppressWarnings("try") // the close is what the follower waits for
    void aValueIsLoadedOnceUntilItsKeyChangesAndOtherKeysStay() {
        Source source = new Source();
        source.values.putAll(Map.of("key", "old", "other", "kept"));
        try (Bus<String> bus = Buses.open(Mode.CLASSIC, 4)) {
            InvalidatedCache<String, String> cache = new InvalidatedCache<>(bus, source);
            for (int again = 0; again < 3; again++) {
                assertThat(cache.get("key")).isEqualTo("old");
                assertThat(cache.get("other")).isEqualTo("kept");
            }
            assertThat(source.reads).hasValue(2);

            source.values.put("key", "new");
            bus.publish("key");
            Task<Void> following = Task.run(ThreadKind.VIRTUAL, cache::follow).untilParked();
            for (int again = 0; again < 3; again++) {
                assertThat(cache.get("key")).isEqualTo("new");
                assertThat(cache.get("other")).isEqualTo("kept");
            }
            assertThat(source.reads).hasValue(3);
            bus.close();
            following.result();
        }
    }

    @Test
    void aCacheThatNobodyTellsOfChangesAnyMoreReadsTheSourceEachTime() {
        Source source = new Source();
        source.values.put("key", "old");
        Bus<String> bus = Buses.open(Mode.CLASSIC, 4);
        InvalidatedCache<String, String> cache = new InvalidatedCache<>(bus, source);
        assertThat(cache.get("key")).isEqualTo("old");
        bus.close();
        cache.follow();
        source.values.put("key", "new");
        assertThat(cache.get("key")).isEqualTo("new");
        assertThat(bus.stats().receivers()).isZero();
    }

    /**
     * Has a load read the old value, changes it, has the cache told of the change or of a lag that
     * swallowed it, and only then lets the load put what it read.
     *
     * @param published of which the last two fit into the window
     * @return what the cache gives afterwards
     */
    @SuppressWarnings("try") // the close is what the follower waits for
    private static String cachedAfterALoadOvertakenBy(
            List<String> published, BiFunction<Bus<String>, Source, Cache> under) {
        Source source = new Source();
        source.values.put("key", "old");
        try (Bus<String> bus = Buses.open(Mode.CLASSIC, 2)) {
            Cache cache = under.apply(bus, source);
            source.holding = true;
            Task<String> load = Task.start(ThreadKind.VIRTUAL, () -> cache.get("key"));
            Latches.await(source.hasRead);
            source.holding = false;

            source.values.put("key", "new");
            bus.publishMany(published);
            Task<Void> following = Task.run(ThreadKind.VIRTUAL, cache::follow).untilParked();
            assertThat(bus.stats().missed()).isEqualTo(Math.max(0, published.size() - 2));

            source.mayReturn.countDown();
            assertThat(load.result()).isEqualTo("old");
            String cached = cache.get("key");
            bus.close();
            following.result();
            return cached;
        }
    }

    /** A key at which the map that looks for its place the given time is held; 0 for never. */
    private static final class Key {
        final CountDownLatch looking = new CountDownLatch(1);
        final CountDownLatch mayLook = new CountDownLatch(1);
        private final String name;
        private final int heldLook;
        private final AtomicInteger looks = new AtomicInteger();

        Key(String name, int heldLook) {
            this.name = name;
            this.heldLook = heldLook;
        }

        @Override
        public int hashCode() {
            if (looks.incrementAndGet() == heldLook) {
                looking.countDown();
                Latches.await(mayLook);
            }
            return name.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.name.equals(name);
        }
    }

    private interface Cache {
        String get(String key);

        void follow();
    }

    private static Cache followed(Bus<String> changes, Source source) {
        InvalidatedCache<String, String> cache = new InvalidatedCache<>(changes, source);
        return new Cache() {
            @Override
            public String get(String key) {
                return cache.get(key);
            }

            @Override
            public void follow() {
                cache.follow();
            }
        };
    }

    /** Where the values come from; a read can be held between the reading and the return. */
    private static final class Source implements Function<String, String> {
        final Map<String, String> values = new ConcurrentHashMap<>();
        final AtomicInteger reads = new AtomicInteger();
        final CountDownLatch hasRead = new CountDownLatch(1);
        final CountDownLatch mayReturn = new CountDownLatch(1);
        volatile boolean holding;

        @Override
        public String apply(String key) {
            reads.incrementAndGet();
            String value = values.get(key);
            if (holding) {
                hasRead.countDown();
                Latches.await(mayReturn);
            }
            return value;
        }
    }

    /** The control: what one writes at first. */
    private static final class RemovingCache implements Cache {
        private final Receiver<String> changes;
        private final Source source;
        private final Map<String, String> values = new ConcurrentHashMap<>();

        RemovingCache(Bus<String> changes, Source source) {
            this.changes = changes.subscribe();
            this.source = source;
        }

        @Override
        public void follow() {
            changes.consume(values::remove, missed -> values.clear());
        }

        @Override
        public String get(String key) {
            String cached = values.get(key);
            if (cached == null) {
                cached = source.apply(key);
                values.put(key, cached);
            }
            return cached;
        }
    }
}
