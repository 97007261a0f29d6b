package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a lag costs the receiver that is told of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Lag {
    private static final int CAPACITY = 64;
    private static final int RECEIVERS = 512;

    private final Object event = new Object();
    private final Bus<Object> bus =
            Bus.builder().capacity(CAPACITY).overflowWarnPerMinute(0).build();
    private final List<Receiver<Object>> receivers = new ArrayList<>();

    @Setup
    public void subscribe() {
        for (int i = 0; i < RECEIVERS; i++) {
            receivers.add(bus.subscribe());
        }
        OldAge.reach();
    }

    /**
     * Takes the message that the last lag ended at, then publishes twice the capacity: as much is
     * lost as could still be read.
     */
    @Setup(Level.Invocation)
    public void publish() {
        receivers.forEach(Receiver::tryRecv);
        for (int i = 0; i < 2 * CAPACITY; i++) {
            bus.publish(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(RECEIVERS)
    public void recv(Blackhole sink) {
        for (Receiver<Object> rx : receivers) {
            if (!(rx.recv() instanceof Lagged<Object> lagged)) {
                throw new IllegalStateException("no lag");
            }
            sink.consume(lagged);
        }
    }
}
