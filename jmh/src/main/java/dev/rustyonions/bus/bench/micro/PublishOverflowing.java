package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Polled;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

import java.util.concurrent.TimeUnit;

/** Publish at capacity 64 while a receiver is slower than that and lags all the time. */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishOverflowing {
    /**
     * Work a receiver does for each message, in units of about a nanosecond: longer than many
     * publishes take.
     */
    private static final int WORK = 500;

    private final Object event = new Object();
    private final Bus<Object> bus = Bus.builder().capacity(64).overflowWarnPerMinute(0).build();
    private final Receiver<Object> slow = bus.subscribe();

    @Benchmark
    @Group("overflowing")
    @GroupThreads(1)
    public int publish() {
        return bus.publish(event);
    }

    @Benchmark
    @Group("overflowing")
    @GroupThreads(1)
    public Polled<Object> receive() {
        Polled<Object> polled = slow.tryRecv();
        Blackhole.consumeCPU(WORK);
        return polled;
    }
}
