package dev.rustyonions.bus.bench.micro;

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

import java.util.concurrent.TimeUnit;

/** The floor of a receive: an acquire load and a comparison, walking an array of records. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DrainFloor {
    private final Object event = new Object();
    private final Cells cells = new Cells(Drain.CAPACITY);

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Setup(Level.Invocation)
    public void publish() {
        for (int i = 0; i < Drain.MESSAGES; i++) {
            cells.publish(event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Drain.MESSAGES)
    public int walk(Blackhole sink) {
        return Drain.all(cells.walk(sink));
    }
}
