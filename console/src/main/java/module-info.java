import org.jspecify.annotations.NullMarked;

/**
 * A live console for buses in the browser.
 *
 * <p>Start at {@link dev.rustyonions.bus.console.Console}.
 */
@NullMarked
module dev.rustyonions.bus.console {
    requires transitive dev.rustyonions.bus;
    requires transitive jdk.httpserver;
    requires dev.rustyonions.bus.sse;
    requires static org.jspecify;

    exports dev.rustyonions.bus.console;
}
