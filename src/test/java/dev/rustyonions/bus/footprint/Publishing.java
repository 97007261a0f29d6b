package dev.rustyonions.bus.footprint;

import com.sun.management.ThreadMXBean;

import dev.rustyonions.bus.Bus;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Publishes, and prints how many bytes this thread allocated for each publish. */
final class Publishing {
    private static final int WARM_UP = 200_000;

    private Publishing() {}

    /** {@code on} or {@code off}: amnesia; and how many publishes to measure. */
    public static void main(String[] args) {
        int publishes = Integer.parseInt(args[1]);
        try (Bus<String> bus = Bus.builder().capacity(256).amnesia(args[0].equals("on")).build()) {
            for (int i = 0; i < WARM_UP; i++) {
                bus.publish("event");
            }
            long before = allocated();
            for (int i = 0; i < publishes; i++) {
                bus.publish("event");
            }
            long allocated = allocated() - before;
            System.out.printf(
                    Locale.ROOT, "%.1f bytes a publish%n", (double) allocated / publishes);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
