package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/** Publish while the bus's metrics are bound to a registry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishMetrics {
    private static final boolean PLANTED = Plant.in("publish-metrics");

    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BusMetrics metrics = new BusMetrics(bus);

    @Setup
    public void bind() {
        metrics.bindTo(registry);
        OldAge.reach();
    }

    @Benchmark
    public int publish() {
        if (PLANTED) {
            bus.publish(event);
        }
        return bus.publish(event);
    }

    @TearDown
    public void close() {
        metrics.close();
        registry.close();
        bus.close();
    }
}
