/** The bus, its senders and receivers, and what a receive can return. */
@NullMarked
package dev.rustyonions.bus;

import org.jspecify.annotations.NullMarked;
