/** What a release is held against: the texts in {@code api/}, and the rules for a bundle. */
@NullMarked
package dev.rustyonions.bus.release;

import org.jspecify.annotations.NullMarked;
