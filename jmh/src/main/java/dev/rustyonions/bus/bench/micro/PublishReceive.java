package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.bench.Settings;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** Publish and receive in one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishReceive {
    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());
    private final Receiver<Object> rx = bus.subscribe();

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Benchmark
    public Object publishRecv() {
        bus.publish(event);
        return rx.recv();
    }
}
