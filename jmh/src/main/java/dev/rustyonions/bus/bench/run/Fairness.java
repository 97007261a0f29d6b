package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.bench.Report;
import dev.rustyonions.bus.bench.Row;

/**
 * How long publishers wait for a lossless receiver, and how evenly they get their turn: each
 * publishes as fast as it can, so that the window is always full.
 */
public final class Fairness {
    private static final int[] PUBLISHERS = {2, 10, 100};
    private static final int[] CAPACITIES = {2, 64, 4096};

    private Fairness() {}

    /** Measures into the report. */
    public static void run(Report report) throws InterruptedException {
        measure(64, 10, true);
        for (int capacity : CAPACITIES) {
            for (int publishers : PUBLISHERS) {
                for (boolean virtual : new boolean[] {true, false}) {
                    report.add(measure(capacity, publishers, virtual));
                }
            }
        }
    }

    @SuppressWarnings("try") // closed early, so that the receiver ends
    private static Row measure(int capacity, int publishers, boolean virtual)
            throws InterruptedException {
        try (Bus<Object> bus = Bus.builder().capacity(capacity).build()) {
            Receiver<Object> rx = bus.subscribe(SubscribeOptions::lossless);
            Thread receiver = Thread.ofVirtual().start(() -> receive(rx));
            Submitters submitters = Submitters.start(bus, publishers, virtual);
            submitters.join();
            bus.close();
            receiver.join();
            return submitters.describe(
                    Row.of("Fairness")
                            .with("capacity", capacity)
                            .with("publishers", publishers)
                            .with("threads", virtual ? "virtual" : "platform"));
        }
    }

    private static void receive(Receiver<Object> rx) {
        while (rx.recv() instanceof Message<Object>) {
            // the next
        }
    }
}
