package dev.rustyonions.bus.bench.micro;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;

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

/**
 * What {@link Contended} measures, with LMAX Disruptor's multi-producer ring and nothing that gates
 * it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ContendedDisruptor {
    private final Object event = new Object();
    private final RingBuffer<Holder> ring =
            RingBuffer.createMultiProducer(
                    Holder::new, Settings.capacity(), new YieldingWaitStrategy());

    @Setup
    public void age() {
        OldAge.reach();
    }

    @Benchmark
    @Threads(2)
    public void publishers2() {
        ring.publishEvent(Holder.SET, event);
    }

    @Benchmark
    @Threads(4)
    public void publishers4() {
        ring.publishEvent(Holder.SET, event);
    }
}
