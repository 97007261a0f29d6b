package dev.rustyonions.bus.micrometer;

/**
 * The names of a bus's meters.
 *
 * @param namespace what each begins with
 * @param legacy whether the older names are wanted too
 */
record MeterNames(String namespace, boolean legacy) {
    static final String LEGACY_DROPPED = "bus.overflow.dropped";
    static final String LEGACY_DEPTH = "bus.queue.depth";

    String of(String name) {
        return namespace + "." + name;
    }
}
