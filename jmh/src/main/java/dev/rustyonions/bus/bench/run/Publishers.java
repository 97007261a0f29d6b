package dev.rustyonions.bus.bench.run;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Platform threads that publish at the same time for a slice, again and again, and rest in between.
 */
final class Publishers {
    private static final long SLICE_NANOS = 5_000_000;

    /** Publishes between two looks at the clock. */
    private static final int COUNT = 100;

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final int publishers;
    private final double slowdown;
    private final IntConsumer publish;
    private final CyclicBarrier edge;
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong processorNanos = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile long end;

    /** {@code publish} publishes so many events, {@code slowdown} times as many as are counted. */
    Publishers(int publishers, double slowdown, IntConsumer publish) {
        this.publishers = publishers;
        this.slowdown = slowdown;
        this.publish = publish;
        edge = new CyclicBarrier(publishers + 1);
    }

    /** One slice: nanoseconds from one publish of any thread to the next. */
    Slice slice() throws Exception {
        if (threads.isEmpty()) {
            for (int i = 0; i < publishers; i++) {
                threads.add(Thread.ofPlatform().daemon().start(this::work));
            }
        }
        published.set(0);
        processorNanos.set(0);
        ready.set(0);
        edge.await();
        edge.await();
        return new Slice(
                (double) SLICE_NANOS / published.get(),
                (double) processorNanos.get() / SLICE_NANOS);
    }

    /** Until the last is awake, who sets the end for all: waking takes longer than a publish. */
    private void awaitOthers() {
        if (ready.incrementAndGet() == publishers) {
            end = System.nanoTime() + SLICE_NANOS;
            ready.incrementAndGet();
        }
        while (ready.get() <= publishers) {
            Thread.yield();
        }
    }

    private void work() {
        try {
            while (true) {
                edge.await();
                awaitOthers();
                long processorBefore = CLOCK.getCurrentThreadCpuTime();
                long count = 0;
                int times = (int) (COUNT * slowdown);
                while (System.nanoTime() - end < 0) {
                    publish.accept(times);
                    count += COUNT;
                }
                processorNanos.addAndGet(CLOCK.getCurrentThreadCpuTime() - processorBefore);
                published.addAndGet(count);
                edge.await();
            }
        } catch (Exception e) {
            edge.reset();
            throw new IllegalStateException("a publisher ended", e);
        }
    }
}
