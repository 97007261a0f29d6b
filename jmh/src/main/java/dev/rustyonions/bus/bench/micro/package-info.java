/** JMH benchmarks, one subject a class; floors stand beside their subjects. */
@NullMarked
package dev.rustyonions.bus.bench.micro;

import org.jspecify.annotations.NullMarked;
