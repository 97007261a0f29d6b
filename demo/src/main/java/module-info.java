/** The demo: a user of the bus like any other, which sees what the bus exports and nothing else. */
module dev.rustyonions.bus.demo {
    requires dev.rustyonions.bus;
    requires jdk.jfr;
    requires static org.jspecify;
}
