module org.example.plain {
    requires dev.rustyonions.bus;
}
