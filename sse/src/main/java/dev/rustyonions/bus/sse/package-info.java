/**
 * A bus as a feed of server-sent events: {@link dev.rustyonions.bus.sse.SseFeed}, and {@link
 * dev.rustyonions.bus.sse.SseHttpHandler} for the HTTP server of the JDK.
 */
@NullMarked
package dev.rustyonions.bus.sse;

import org.jspecify.annotations.NullMarked;
