/** The demo: a user of the bus like any other, which sees what the bus exports and nothing else. */
@SuppressWarnings("requires-automatic") // Micrometer has no descriptor
module dev.rustyonions.bus.demo {
    requires dev.rustyonions.bus;
    requires dev.rustyonions.bus.console;
    requires info.picocli;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;
}
