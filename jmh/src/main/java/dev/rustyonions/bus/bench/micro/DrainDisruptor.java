package dev.rustyonions.bus.bench.micro;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;

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

/** What {@link Drain} measures, with the poller of LMAX Disruptor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DrainDisruptor {
    private final Object event = new Object();
    private final RingBuffer<Holder> ring =
            RingBuffer.createMultiProducer(Holder::new, Drain.CAPACITY, new YieldingWaitStrategy());
    private final EventPoller<Holder> poller = ring.newPoller();
    private int taken;

    @Setup
    public void gate() {
        ring.addGatingSequences(poller.getSequence());
        OldAge.reach();
    }

    @Setup(Level.Invocation)
    public void publish() {
        for (int i = 0; i < Drain.MESSAGES; i++) {
            ring.publishEvent(Holder.SET, event);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Drain.MESSAGES)
    public int poll(Blackhole sink) throws Exception {
        taken = 0;
        poller.poll(
                (holder, sequence, endOfBatch) -> {
                    sink.consume(holder.value);
                    taken++;
                    return true;
                });
        return Drain.all(taken);
    }
}
