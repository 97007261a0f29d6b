package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** Making a bus, against copying an array as large as its own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ColdStart {
    /** Not a constant to the compiler, which could otherwise leave the array out. */
    private int capacity = 256;

    private final Object[] slots = new Object[capacity];

    @Benchmark
    public Bus<Object> create() {
        return Bus.create(capacity);
    }

    @Benchmark
    public Object[] array() {
        return slots.clone();
    }
}
