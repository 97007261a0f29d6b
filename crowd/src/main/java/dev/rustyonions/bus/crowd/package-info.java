/** Thousands of clients of one feed over loopback, and the same feed without a bus. */
@NullMarked
package dev.rustyonions.bus.crowd;

import org.jspecify.annotations.NullMarked;
