/** Workers that are started again when they fail, and their ordered shutdown. */
@NullMarked
package dev.rustyonions.bus.example.supervision;

import org.jspecify.annotations.NullMarked;
