/**
 * A live console for buses in the browser: {@link dev.rustyonions.bus.console.Console}, and {@link
 * dev.rustyonions.bus.console.Panel} for controls of the application's own beside them.
 */
@NullMarked
package dev.rustyonions.bus.console;

import org.jspecify.annotations.NullMarked;
