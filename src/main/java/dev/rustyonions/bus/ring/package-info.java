/**
 * The engine: a ring of messages, the stack of parked receivers, and the accounts of what each
 * receiver got.
 *
 * <p>Not exported. It knows nothing of configuration, metrics or logging; those read it from
 * outside. Read it in this order:
 *
 * <ol>
 *   <li>{@link dev.rustyonions.bus.ring.Ring}: how a message is claimed and published by one
 *       compare-and-set, and how the ring is closed;
 *   <li>{@link dev.rustyonions.bus.ring.Cursor}: how a receiver reads and notices lag;
 *   <li>{@link dev.rustyonions.bus.ring.Waiter}: how it waits;
 *   <li>{@link dev.rustyonions.bus.ring.WaitStack}: how parked receivers are woken without the
 *       publisher paying for them;
 *   <li>{@link dev.rustyonions.bus.ring.Receivers} and {@link dev.rustyonions.bus.ring.Account}:
 *       who is subscribed, and what was missed;
 *   <li>{@link dev.rustyonions.bus.ring.Channel}: the parts put together, which is what the API
 *       wraps.
 * </ol>
 */
@NullMarked
package dev.rustyonions.bus.ring;

import org.jspecify.annotations.NullMarked;
