package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.bench.Settings;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/** Publish while the bus's metrics are bound to a registry, with and without sampled histograms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishMetrics {
    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** One message in how many is timed for the histograms; 0 for none. */
    @Param({"0", "1024"})
    public int sampleEvery;

    private @Nullable BusMetrics metrics;

    @Setup
    public void bind() {
        BusMetrics.Builder builder = BusMetrics.builder(bus);
        metrics = (sampleEvery == 0 ? builder : builder.histograms(sampleEvery)).build();
        metrics.bindTo(registry);
        OldAge.reach();
    }

    @Benchmark
    public int publish() {
        return bus.publish(event);
    }

    @TearDown
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        registry.close();
        bus.close();
    }
}
