package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.bench.Settings;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

import java.util.concurrent.TimeUnit;

/** Several threads publishing to one bus as fast as they can, nobody subscribed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Contended {
    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Benchmark
    @Threads(2)
    public int publishers2() {
        return publish();
    }

    @Benchmark
    @Threads(4)
    public int publishers4() {
        return publish();
    }

    private int publish() {
        return bus.publish(event);
    }
}
