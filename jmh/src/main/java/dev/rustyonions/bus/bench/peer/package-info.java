/**
 * The bus and other libraries behind one interface: publish, receive, and what each does when full.
 */
@NullMarked
package dev.rustyonions.bus.bench.peer;

import org.jspecify.annotations.NullMarked;
