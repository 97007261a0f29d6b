/** One consumer of several buses. */
@NullMarked
package dev.rustyonions.bus.example.several;

import org.jspecify.annotations.NullMarked;
