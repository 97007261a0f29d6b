package dev.rustyonions.bus.ring;

/**
 * Stands for an OutOfMemoryError in the middle of the engine; a real one would end the test run
 * when a test lets it pass.
 */
final class PlantedError extends Error {
    private static final long serialVersionUID = 1;
}
