package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.bench.Plant;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;

import org.openjdk.jol.info.GraphLayout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Bytes of a receiver that is parked, wait node included and its thread aside. */
public final class Memory {
    /** The column of the result. */
    public static final String BYTES = "bytes a receiver";

    private static final String WAIT_NODE = "dev.rustyonions.bus.ring.WaitNode";
    private static final int RECEIVERS = 1_000;

    private Memory() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException, ClassNotFoundException {
        report.add(measure());
    }

    /**
     * What a thousand receivers add to all that the bus reaches, and the wait nodes that they add
     * when they park.
     */
    public static Row measure() throws InterruptedException, ClassNotFoundException {
        // Records, too: JOL finds their fields' offsets only if told to work them out.
        System.setProperty("jol.magicFieldOffset", "true");
        Bus<Object> bus = Bus.create(256);
        long empty = GraphLayout.parseInstance(bus).totalSize();
        int subscriptions = Plant.in("memory") ? 2 * RECEIVERS : RECEIVERS;
        List<Receiver<Object>> receivers = new ArrayList<>();
        for (int i = 0; i < subscriptions; i++) {
            receivers.add(bus.subscribe());
        }
        long subscribed = graph(bus, receivers).totalSize() - empty;
        List<Thread> threads = new ArrayList<>();
        for (Receiver<Object> rx : receivers) {
            threads.add(Thread.ofVirtual().start(rx::recv));
        }
        for (int i = 0; i < subscriptions; i++) {
            while (!receivers.get(i).equals(LockSupport.getBlocker(threads.get(i)))) {
                LockSupport.parkNanos(50_000);
            }
        }
        GraphLayout parked = graph(bus, receivers);
        Class<?> node = Class.forName(WAIT_NODE);
        long nodes = parked.getClassSizes().count(node);
        if (parked.getClassCounts().count(node) != subscriptions) {
            throw new IllegalStateException("not one " + WAIT_NODE + " for each receiver");
        }
        bus.close();
        for (Thread thread : threads) {
            thread.join();
        }
        return Row.of("Memory of a parked receiver, its thread aside")
                .with(BYTES, (double) (subscribed + nodes) / RECEIVERS)
                .with("wait node", (double) nodes / RECEIVERS);
    }

    private static GraphLayout graph(Bus<Object> bus, List<Receiver<Object>> receivers) {
        List<Object> roots = new ArrayList<>(receivers);
        roots.add(bus);
        return GraphLayout.parseInstance(roots.toArray());
    }
}
