@SuppressWarnings("requires-automatic") // Micrometer has no descriptor
module org.example.metered {
    requires dev.rustyonions.bus;
    requires micrometer.core;
}
