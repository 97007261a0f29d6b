package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusStats;
import dev.rustyonions.bus.ReceiverStats;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Down while a lossless receiver holds publishers up and has taken no message for longer than it
 * may. Publishers wait for it then until it moves, ends or is evicted.
 *
 * <p>Nothing else is unhealthy. Loss is what the bus is for, a full window means that a receiver is
 * about to lose, and a bus that has been closed is one that somebody closed. All of that is in the
 * details.
 *
 * <p>A receiver is known to stand still from the first check that finds it in the way. So it is
 * found out by the first check that comes the given time after that one.
 */
final class BusHealthIndicator extends AbstractHealthIndicator {
    private final Supplier<Map<String, Bus<?>>> buses;
    private final long stuckAfter;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Place, Long> standing = Map.of();

    /** Where a receiver was found; it has not moved while it is found there again. */
    private record Place(String bus, long receiver, long taken) {}

    BusHealthIndicator(
            Supplier<Map<String, Bus<?>>> buses, Duration stuckAfter, LongSupplier clock) {
        super("the buses could not be looked at");
        this.buses = buses;
        this.stuckAfter = RonBusProperties.nanos(stuckAfter);
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        lock.lock();
        try {
            long now = clock.getAsLong();
            Map<Place, Long> seen = new HashMap<>();
            health.up();
            buses.get().forEach((name, bus) -> check(health, name, bus, now, seen));
            standing = seen;
        } finally {
            lock.unlock();
        }
    }

    private void check(
            Health.Builder health, String name, Bus<?> bus, long now, Map<Place, Long> seen) {
        BusStats stats = bus.stats();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("receivers", stats.receivers());
        details.put("depth", stats.depth());
        details.put("capacity", stats.capacity());
        details.put("missed", stats.missed());
        details.put("publishersWaiting", stats.publishersWaiting());
        details.put("closed", stats.closed());
        List<String> stuck = new ArrayList<>();
        if (stats.publishersWaiting() > 0) {
            for (ReceiverStats receiver : bus.receivers()) {
                // They come furthest behind first, and only a full window holds publishers up.
                if (receiver.depth() < stats.capacity()) {
                    break;
                }
                if (receiver.lossless()) {
                    Place place = new Place(name, receiver.id(), taken(receiver));
                    long since = standing.getOrDefault(place, now);
                    seen.put(place, since);
                    if (now - since >= stuckAfter) {
                        stuck.add(receiver.name().orElse("") + "#" + receiver.id());
                    }
                }
            }
        }
        if (!stuck.isEmpty()) {
            health.down();
            details.put("stuck", stuck);
        }
        health.withDetail(name, details);
    }

    private static long taken(ReceiverStats receiver) {
        return receiver.delivered()
                + receiver.filtered()
                + receiver.conflated()
                + receiver.missed();
    }
}
