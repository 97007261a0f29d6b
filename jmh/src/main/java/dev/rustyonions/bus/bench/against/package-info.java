/** Two versions of the library, measured against each other in one run. */
@NullMarked
package dev.rustyonions.bus.bench.against;

import org.jspecify.annotations.NullMarked;
