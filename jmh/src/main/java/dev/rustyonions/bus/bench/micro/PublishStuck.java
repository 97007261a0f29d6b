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
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Publish while one receiver is stuck in its handler, with its first event, for ever. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishStuck {
    private final Object event = new Object();
    private final Bus<Object> bus = Bus.create(Settings.capacity());
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Setup
    public void getStuck() throws InterruptedException {
        Receiver<Object> rx = bus.subscribe();
        Thread.ofVirtual()
                .start(
                        () -> {
                            rx.recv();
                            stuck.countDown();
                            awaitRelease();
                            rx.close();
                        });
        bus.publish(event);
        stuck.await();
        OldAge.reach();
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public int publish() {
        return bus.publish(event);
    }

    @TearDown
    public void close() {
        release.countDown();
        bus.close();
    }
}
