package dev.rustyonions.bus.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Batch;
import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All work of a bus is done by the threads that use it. */
class NoThreadOfItsOwnTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    @EachMode
    void aBusInUseStartsNoThread(Mode mode) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe();
                Batch<Integer> batch = bus.batch()) {
            bus.subscribe(); // abandoned at once
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            batch.add(6);
            batch.flush();
            rx.drain(10, received -> {});
            rx.recvTimeout(SHORT);
            bus.stats();
            assertThat(startedSince(before)).isEmpty();
        }
        assertThat(startedSince(before)).isEmpty();
    }

    private static Set<Thread> startedSince(Set<Thread> before) {
        Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        return started;
    }
}
