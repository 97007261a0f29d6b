/**
 * Benchmarks of the bus against floors and peers, and the gate on their ratios.
 *
 * <p>{@code Main} is the way in; {@code micro} has the JMH benchmarks, {@code run} what is no
 * steady state (streams, bursts, latency, parked receivers), {@code peer} the other libraries,
 * {@code gate} the targets.
 */
@NullMarked
package dev.rustyonions.bus.bench;

import org.jspecify.annotations.NullMarked;
