package dev.rustyonions.bus.footprint;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Subscribes, waits in vain and closes again and again, in several threads of each kind at a time,
 * on a bus that never publishes. Prints by how much the live heap grew and how many receivers were
 * woken: without a message only to rid the stack of orphans.
 */
final class ComingAndGoing {
    /**
     * Threads of each kind. One alone is always on top of its kind's stack when it leaves, and
     * leaves nothing.
     */
    private static final int THREADS = 8;

    private ComingAndGoing() {}

    public static void main(String[] args) {
        int cycles = Integer.parseInt(args[0]);
        try (Bus<String> bus = Bus.create(64)) {
            long before = heapAfter(bus, cycles / 10);
            long after = heapAfter(bus, cycles - cycles / 10);
            System.out.printf(
                    "cycles %d, heap grew by %d KiB, woken %d%n",
                    cycles, (after - before) / 1024, bus.stats().wakeups());
        }
    }

    /**
     * The live heap while each thread's last receiver is parked, above whatever was left on the
     * stack.
     */
    private static long heapAfter(Bus<String> bus, int cycles) {
        List<Receiver<String>> receivers = new ArrayList<>();
        List<Task<?>> tasks = new ArrayList<>();
        for (ThreadKind kind : ThreadKind.values()) {
            for (int i = 0; i < THREADS; i++) {
                Receiver<String> last = bus.subscribe();
                receivers.add(last);
                int each = cycles / THREADS / ThreadKind.values().length;
                tasks.add(
                        Task.start(
                                kind,
                                () -> {
                                    comeAndGo(bus, each);
                                    return last.recv();
                                }));
            }
        }
        tasks.forEach(Task::untilParked);
        long heap = liveHeap();
        receivers.forEach(Receiver::close);
        tasks.forEach(Task::result);
        return heap;
    }

    private static void comeAndGo(Bus<String> bus, int cycles) {
        for (int i = 0; i < cycles; i++) {
            try (Receiver<String> receiver = bus.subscribe()) {
                // Mostly parked, so that who leaves has others above.
                receiver.recvTimeout(Duration.ofNanos(i % 10 == 0 ? 20_000 : 1));
            }
        }
    }

    private static long liveHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
