package dev.rustyonions.bus.chaos;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.SubscribeOptions;

import java.time.Duration;

/** Leaves a lossless receiver, waits for it, and ends with 1 if that is not over soon. */
final class AbandonedReceivers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private AbandonedReceivers() {}

    public static void main(String[] args) throws InterruptedException {
        waitFor(Bus.builder().capacity(2));
        waitFor(Bus.builder().capacity(2).mode(Mode.EDGE));
    }

    private static void waitFor(BusBuilder builder) throws InterruptedException {
        try (Bus<Integer> bus = builder.build()) {
            abandonOne(bus);
            Thread publisher =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 3; i++) {
                                            bus.submit(i);
                                        }
                                    });
            long began = System.nanoTime();
            while (!publisher.join(Duration.ofMillis(1))) {
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    System.err.println("still waiting, " + bus.mode());
                    System.exit(1);
                }
                System.gc();
            }
        }
    }

    private static void abandonOne(Bus<Integer> bus) {
        bus.subscribe(SubscribeOptions::lossless);
    }
}
