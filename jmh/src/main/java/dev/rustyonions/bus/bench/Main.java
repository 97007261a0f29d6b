package dev.rustyonions.bus.bench;

/** Starts a measurement by its name; anything else goes to JMH. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        org.openjdk.jmh.Main.main(args);
    }
}
