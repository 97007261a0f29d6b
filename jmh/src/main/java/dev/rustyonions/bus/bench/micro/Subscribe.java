package dev.rustyonions.bus.bench.micro;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Subscribe and close, while other receivers live. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Subscribe {
    @Param({"1", "100000"})
    public int alive;

    private final Bus<Object> bus = Bus.create(256);
    private final List<Receiver<Object>> others = new ArrayList<>();

    @Setup
    public void subscribeOthers() {
        for (int i = 0; i < alive; i++) {
            others.add(bus.subscribe());
        }
        OldAge.reach();
    }

    @Benchmark
    public void subscribeAndClose() {
        bus.subscribe().close();
    }
}
