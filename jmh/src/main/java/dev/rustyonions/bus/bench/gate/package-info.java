/** Targets as ratios within one run, and the verdicts. */
@NullMarked
package dev.rustyonions.bus.bench.gate;

import org.jspecify.annotations.NullMarked;
