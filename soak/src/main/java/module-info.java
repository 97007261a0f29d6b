import org.jspecify.annotations.NullMarked;

/** Uses the bus from outside, for as long as it is told to, and checks every account. */
@NullMarked
module dev.rustyonions.bus.soak {
    requires dev.rustyonions.bus;
    requires info.picocli;
    requires jdk.jfr;
    requires static org.jspecify;
}
