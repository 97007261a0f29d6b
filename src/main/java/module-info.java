import org.jspecify.annotations.NullMarked;

/**
 * An in-process broadcast bus for virtual threads: bounded, lossy, observable.
 *
 * <p>Start at {@link dev.rustyonions.bus.Bus}.
 */
@NullMarked
module dev.rustyonions.bus {
    requires static org.jspecify;

    exports dev.rustyonions.bus;
}
