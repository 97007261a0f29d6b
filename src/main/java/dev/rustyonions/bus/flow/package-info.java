/**
 * A bus as a {@link java.util.concurrent.Flow.Publisher}, for code that speaks Reactive Streams:
 * {@link dev.rustyonions.bus.flow.BusFlow}.
 */
@NullMarked
package dev.rustyonions.bus.flow;

import org.jspecify.annotations.NullMarked;
