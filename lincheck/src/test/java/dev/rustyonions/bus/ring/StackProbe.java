package dev.rustyonions.bus.ring;

/**
 * Stands before the engine's own on the class path, whose deep recursion the model checker takes
 * for an endless loop.
 */
final class StackProbe {
    private StackProbe() {}

    static long requireRoom() {
        return 0;
    }
}
