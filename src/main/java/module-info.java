import org.jspecify.annotations.NullMarked;

/**
 * An in-process broadcast bus for virtual threads: bounded, lossy, observable.
 *
 * <p>Start at {@link dev.rustyonions.bus.Bus}.
 */
@NullMarked
@SuppressWarnings("requires-automatic") // Micrometer has no descriptor
module dev.rustyonions.bus {
    requires static jdk.jfr;
    requires static org.jspecify;
    // Not transitive: every modular user would need Micrometer to compile, even one without
    // metrics.
    requires static micrometer.core;

    exports dev.rustyonions.bus;
    exports dev.rustyonions.bus.flow;
    exports dev.rustyonions.bus.micrometer;
}
