package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Leaves a lossless receiver, waits for it, and ends with 1 if that is not over soon. */
final class AbandonedReceivers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private AbandonedReceivers() {}

    /** With an argument only after the compiler has learned how long publishers wait. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length > 0) {
            warmUp();
        }
        for (Mode mode : Mode.values()) {
            try (Bus<Integer> bus = bus(mode)) {
                abandonOne(bus);
                waitForIt(bus);
            }
        }
    }

    private static Bus<Integer> bus(Mode mode) {
        return Bus.builder().capacity(2).mode(mode).build();
    }

    private static void abandonOne(Bus<Integer> bus) {
        bus.subscribe(SubscribeOptions::lossless);
    }

    private static void waitForIt(Bus<Integer> bus) {
        Thread publisher = Thread.ofPlatform().start(() -> submit(bus, 3));
        long began = System.nanoTime();
        while (publisher.isAlive()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                System.err.println("still waiting, " + bus.mode());
                System.exit(1);
            }
            System.gc();
        }
    }

    /**
     * Waits long and waits often, so that the compiler knows a wait of many looks, in which the
     * receiver is hardly read, and those of few.
     */
    private static void warmUp() throws InterruptedException {
        for (Mode mode : Mode.values()) {
            waitLong(mode);
        }
        for (Mode mode : Mode.values()) {
            waitOften(mode);
        }
    }

    private static void waitLong(Mode mode) {
        try (Bus<Integer> bus = bus(mode);
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless)) {
            bus.submit(0);
            rx.tryRecv();
            try {
                for (int i = 1; i < 4; i++) {
                    bus.submit(i);
                }
                throw new AssertionError("a wait for oneself was not refused");
            } catch (IllegalStateException e) {
                // Refused after a second.
            }
        }
    }

    private static void waitOften(Mode mode) throws InterruptedException {
        try (Bus<Integer> bus = bus(mode)) {
            for (int i = 0; i < 3; i++) {
                Receiver<Integer> rx = bus.subscribe(SubscribeOptions::lossless);
                Thread.ofVirtual().start(() -> rx.consume(event -> {}, missed -> {}));
            }
            List<Thread> publishers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                publishers.add(Thread.ofVirtual().start(() -> submit(bus, 2_000)));
            }
            for (Thread publisher : publishers) {
                publisher.join();
            }
        }
    }

    private static void submit(Bus<Integer> bus, int events) {
        for (int i = 0; i < events; i++) {
            bus.submit(i);
        }
    }
}
