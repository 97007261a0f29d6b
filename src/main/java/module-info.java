import org.jspecify.annotations.NullMarked;

/** In-process broadcast bus for virtual threads: bounded, lossy, observable. */
@NullMarked
module dev.rustyonions.bus {
    requires static org.jspecify;

    exports dev.rustyonions.bus;
}
