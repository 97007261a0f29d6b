/** An audit log that loses nothing, beside dashboards that may. */
@NullMarked
package dev.rustyonions.bus.example.audit;

import org.jspecify.annotations.NullMarked;
