package dev.rustyonions.bus.footprint;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import java.time.Duration;

/** Subscribes, waits in vain and closes again and again on a bus that never publishes, and prints by how much the live heap grew. */
final class ComingAndGoing {
    private ComingAndGoing() {}

    public static void main(String[] args) throws InterruptedException {
        int cycles = Integer.parseInt(args[0]);
        try (Bus<String> bus = Bus.create(64)) {
            Receiver<String> staying = bus.subscribe();
            Thread parked = Thread.ofVirtual().start(staying::recv);
            inTwoThreads(bus, cycles / 10);
            long before = liveHeap();
            inTwoThreads(bus, cycles - cycles / 10);
            System.out.printf(
                    "cycles %d, heap grew by %d KiB%n", cycles, (liveHeap() - before) / 1024);
            staying.close();
            parked.join();
        }
    }

    private static void inTwoThreads(Bus<String> bus, int cycles) throws InterruptedException {
        Thread virtual = Thread.ofVirtual().start(() -> comeAndGo(bus, cycles / 2));
        comeAndGo(bus, cycles - cycles / 2);
        virtual.join();
    }

    private static void comeAndGo(Bus<String> bus, int cycles) {
        for (int i = 0; i < cycles; i++) {
            try (Receiver<String> receiver = bus.subscribe()) {
                receiver.recvTimeout(Duration.ofNanos(i % 100 == 0 ? 20_000 : 1));
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
