/** The rule for text that others will read, in logs and metrics for instance. Not exported. */
@NullMarked
package dev.rustyonions.bus.text;

import org.jspecify.annotations.NullMarked;
