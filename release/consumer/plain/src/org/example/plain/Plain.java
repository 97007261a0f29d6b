package org.example.plain;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

/** Publishes three numbers and receives them in another thread. */
public final class Plain {
    private Plain() {}

    public static void main(String[] args) throws InterruptedException {
        Thread reader;
        try (Bus<Integer> bus = Bus.create(16)) {
            Receiver<Integer> rx = bus.subscribe();
            reader =
                    Thread.startVirtualThread(
                            () -> rx.consume(n -> System.out.print(n + " "), missed -> {}));
            for (int i = 1; i <= 3; i++) {
                bus.publish(i);
            }
        }
        reader.join();
        System.out.println("received");
    }
}
