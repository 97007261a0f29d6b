/** A bus as a stream of Reactor, RxJava and Mutiny. */
@NullMarked
package dev.rustyonions.bus.example.streams;

import org.jspecify.annotations.NullMarked;
