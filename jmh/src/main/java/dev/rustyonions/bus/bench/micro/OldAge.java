package dev.rustyonions.bus.bench.micro;

/**
 * Puts what a benchmark has made into the old generation, where a bus spends its life. A
 * collector's write barrier costs more there, for subject and floor alike, and when an array gets
 * there by itself is a matter of luck.
 */
final class OldAge {
    private OldAge() {}

    static void reach() {
        System.gc();
    }
}
