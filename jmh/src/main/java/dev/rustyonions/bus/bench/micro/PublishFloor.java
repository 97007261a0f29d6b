package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.bench.Settings;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** The floor of a publish: one compare-and-set of a new record into an array. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishFloor {
    private final Object event = new Object();
    private final Cells cells = new Cells(Settings.capacity());

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Benchmark
    public boolean publish() {
        return cells.publish(event);
    }
}
