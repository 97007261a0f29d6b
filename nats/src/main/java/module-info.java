import org.jspecify.annotations.NullMarked;

/**
 * Events of a bus for other processes, and theirs on a bus of their own, through a NATS server.
 *
 * <p>Start at {@link dev.rustyonions.bus.nats.NatsExport} and {@link
 * dev.rustyonions.bus.nats.NatsImport}.
 */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // the client has none
module dev.rustyonions.bus.nats {
    requires transitive dev.rustyonions.bus;
    requires transitive io.nats.jnats;
    requires static jdk.jfr;
    requires static org.jspecify;
    // Only NatsMetrics needs it. Not transitive: see the library's own descriptor.
    requires static micrometer.core;

    exports dev.rustyonions.bus.nats;
    exports dev.rustyonions.bus.nats.micrometer;
}
