package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Settings;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Publish while receivers are subscribed that neither read nor are parked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishIdle {
    @Param({"0", "1", "8", "1000"})
    public int receivers;

    /** Whether the receivers are lossless; nobody waits for them here. */
    public boolean lossless;

    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());

    /** Kept, or the bus would notice that they were abandoned. */
    private final List<Receiver<Object>> idle = new ArrayList<>();

    @Setup
    public void subscribe() {
        for (int i = 0; i < receivers; i++) {
            idle.add(lossless ? bus.subscribe(SubscribeOptions::lossless) : bus.subscribe());
        }
        OldAge.reach();
    }

    @Benchmark
    public int publish() {
        return bus.publish(event);
    }

    @TearDown
    public void close() {
        idle.forEach(Receiver::close);
        bus.close();
    }
}
