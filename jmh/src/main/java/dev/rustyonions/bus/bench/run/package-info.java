/** Measurements that are no steady state: streams, bursts, latency, parked receivers, memory. */
@NullMarked
package dev.rustyonions.bus.bench.run;

import org.jspecify.annotations.NullMarked;
