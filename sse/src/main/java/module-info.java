import org.jspecify.annotations.NullMarked;

/**
 * A bus as a feed of server-sent events.
 *
 * <p>Start at {@link dev.rustyonions.bus.sse.SseFeed}.
 */
@NullMarked
module dev.rustyonions.bus.sse {
    requires transitive dev.rustyonions.bus;
    // Only SseHttpHandler needs it: with another server there may be no such module.
    requires static transitive jdk.httpserver;
    requires static org.jspecify;

    exports dev.rustyonions.bus.sse;
}
