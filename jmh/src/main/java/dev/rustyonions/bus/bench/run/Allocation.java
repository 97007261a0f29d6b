package dev.rustyonions.bus.bench.run;

import com.sun.management.ThreadMXBean;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;
import dev.rustyonions.bus.micrometer.BusMetrics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.lang.management.ManagementFactory;

/**
 * Bytes allocated by a publish and by a receive that finds a message: what the thread's own counter
 * says, exactly.
 */
public final class Allocation {
    /** The column of a publish. */
    public static final String PUBLISH = "bytes a publish";

    /** The column of a submit. */
    public static final String SUBMIT = "bytes a submit";

    /** The column of a receive. */
    public static final String RECEIVE = "bytes a receive";

    private static final int EVENTS = 1 << 16;
    private static final int ROUNDS = 40;
    private static final int CAPACITY = EVENTS;
    private static final Object EVENT = new Object();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final boolean PLANTED_PUBLISH = Plant.in("allocation-publish");
    private static final boolean PLANTED_SUBMIT = Plant.in("allocation-submit");
    private static final boolean PLANTED_RECEIVE = Plant.in("allocation-receive");

    /** Where a planted allocation escapes to. */
    static Object planted = EVENT;

    private Allocation() {}

    /** Measures into the report. */
    public static void run(Report report) {
        for (boolean metrics : new boolean[] {false, true}) {
            for (boolean amnesia : new boolean[] {false, true}) {
                report.add(measure(amnesia, metrics));
            }
        }
    }

    /**
     * Measures a bus without contention; the fewest bytes of many rounds, because the compiler
     * allocates in none of the last.
     */
    private static Row measure(boolean amnesia, boolean metrics) {
        Bus<Object> bus = Bus.builder().capacity(CAPACITY).amnesia(amnesia).build();
        Receiver<Object> rx = bus.subscribe(SubscribeOptions::lossless);
        BusMetrics binder = new BusMetrics(bus);
        if (metrics) {
            binder.bindTo(new SimpleMeterRegistry());
        }
        long idle = Long.MAX_VALUE;
        long publish = Long.MAX_VALUE;
        long submit = Long.MAX_VALUE;
        long receive = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long t0 = THREADS.getCurrentThreadAllocatedBytes();
            long t1 = THREADS.getCurrentThreadAllocatedBytes();
            publish(bus);
            long t2 = THREADS.getCurrentThreadAllocatedBytes();
            receive(rx);
            long t3 = THREADS.getCurrentThreadAllocatedBytes();
            submit(bus);
            long t4 = THREADS.getCurrentThreadAllocatedBytes();
            receive(rx);
            idle = Math.min(idle, t1 - t0);
            publish = Math.min(publish, t2 - t1);
            receive = Math.min(receive, t3 - t2);
            submit = Math.min(submit, t4 - t3);
        }
        binder.close();
        return Row.of("Allocation")
                .with("metrics", metrics ? "bound" : "not bound")
                .with("amnesia", amnesia ? "on" : "off")
                .with(PUBLISH, (double) (publish - idle) / EVENTS)
                .with(SUBMIT, (double) (submit - idle) / EVENTS)
                .with(RECEIVE, (double) (receive - idle) / EVENTS);
    }

    private static void publish(Bus<Object> bus) {
        for (int i = 0; i < EVENTS; i++) {
            bus.publish(EVENT);
            if (PLANTED_PUBLISH) {
                planted = new Message<>(i, EVENT);
            }
        }
    }

    private static void submit(Bus<Object> bus) {
        for (int i = 0; i < EVENTS; i++) {
            bus.submit(EVENT);
            if (PLANTED_SUBMIT) {
                planted = new Message<>(i, EVENT);
            }
        }
    }

    private static void receive(Receiver<Object> rx) {
        for (int i = 0; i < EVENTS; i++) {
            if (!(rx.recv() instanceof Message<Object>)) {
                throw new IllegalStateException("expected a message");
            }
            if (PLANTED_RECEIVE) {
                planted = new Message<>(i, EVENT);
            }
        }
    }
}
