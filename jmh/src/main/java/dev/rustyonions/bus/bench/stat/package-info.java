/** What repeated measurements say together, and how sure that is. */
@NullMarked
package dev.rustyonions.bus.bench.stat;

import org.jspecify.annotations.NullMarked;
