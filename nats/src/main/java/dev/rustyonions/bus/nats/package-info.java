/**
 * Events beyond one process. {@link dev.rustyonions.bus.nats.NatsExport} sends the events of a bus
 * to a NATS server; {@link dev.rustyonions.bus.nats.NatsImport} gives those of other processes as
 * {@link dev.rustyonions.bus.nats.Remote} on a bus of their own, every loss included.
 */
@NullMarked
package dev.rustyonions.bus.nats;

import org.jspecify.annotations.NullMarked;
