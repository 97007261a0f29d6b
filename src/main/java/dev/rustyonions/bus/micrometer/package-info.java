/**
 * Metrics of a bus for Micrometer: {@link dev.rustyonions.bus.micrometer.BusMetrics}.
 *
 * <p>The only package that needs Micrometer; the bus runs without it.
 */
@NullMarked
package dev.rustyonions.bus.micrometer;

import org.jspecify.annotations.NullMarked;
