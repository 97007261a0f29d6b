/**
 * Model checking of the engine with Lincheck: all interleavings of a few threads, up to a bound,
 * under sequential consistency.
 *
 * <p>What depends on weak memory is for the jcstress tests.
 */
package dev.rustyonions.bus.ring;
