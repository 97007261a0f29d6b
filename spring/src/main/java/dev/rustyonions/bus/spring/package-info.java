/**
 * A Spring Boot starter for the bus: beans from the properties {@code ron.bus.*}, their metrics,
 * health and endpoint, a shutdown in the right order, and feeds of server-sent events as what a
 * controller returns.
 */
@NullMarked
package dev.rustyonions.bus.spring;

import org.jspecify.annotations.NullMarked;
