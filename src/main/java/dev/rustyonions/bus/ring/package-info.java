/** The engine: the ring of messages, receivers' cursors, parking and wake-ups. Not exported. */
@NullMarked
package dev.rustyonions.bus.ring;

import org.jspecify.annotations.NullMarked;
