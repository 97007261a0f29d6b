/** Metrics of exports and imports: {@link dev.rustyonions.bus.nats.micrometer.NatsMetrics}. */
@NullMarked
package dev.rustyonions.bus.nats.micrometer;

import org.jspecify.annotations.NullMarked;
