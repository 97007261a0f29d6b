package dev.rustyonions.bus.footprint;

import dev.rustyonions.bus.Bus;

import java.util.concurrent.locks.LockSupport;

/**
 * Parks with a permit after having made the first bus of this JVM. Hangs if that took the permit.
 */
final class PermitOfTheFirst {
    private PermitOfTheFirst() {}

    public static void main(String[] args) {
        LockSupport.unpark(Thread.currentThread());
        try (Bus<String> bus = Bus.create(4)) {
            LockSupport.park(bus);
            System.out.println("parked and returned");
        }
    }
}
