package org.example.metered;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Publishes an event and reads the counter of it. */
public final class Metered {
    private Metered() {}

    public static void main(String[] args) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Bus<Integer> bus = Bus.create(16)) {
            bus.publish(1); // before the binder takes its first reading, which serves for a while
            try (BusMetrics metrics = new BusMetrics(bus)) {
                metrics.bindTo(registry);
                double published =
                        registry.getMeters().stream()
                                .filter(meter -> meter.getId().getName().endsWith(".publish"))
                                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                                .sum();
                System.out.println("published " + published);
            }
        }
    }
}
