/**
 * Memory-model tests through the API, one class per hypothesis; those that need the engine's inside
 * are in its package.
 *
 * <p>Every outcome not listed is forbidden. The outcome marked interesting is the one that shows
 * that the race took place; the full run demands that it was seen.
 */
@NullMarked
package dev.rustyonions.bus.stress;

import org.jspecify.annotations.NullMarked;
