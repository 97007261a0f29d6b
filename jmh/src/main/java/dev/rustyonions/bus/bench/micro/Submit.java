package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** Publish where a lossless receiver has left room, by a publisher that waits and by one not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Submit {
    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Drain.CAPACITY);
    private final Receiver<Object> rx = bus.subscribe(SubscribeOptions::lossless);

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Setup(Level.Invocation)
    public void makeRoom() {
        rx.drain(Drain.CAPACITY, received -> {});
    }

    @Benchmark
    @OperationsPerInvocation(Drain.MESSAGES)
    public long submit() {
        long sum = 0;
        for (int i = 0; i < Drain.MESSAGES; i++) {
            sum += bus.submit(event);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(Drain.MESSAGES)
    public long publish() {
        long sum = 0;
        for (int i = 0; i < Drain.MESSAGES; i++) {
            sum += bus.publishSequenced(event);
        }
        return sum;
    }
}
