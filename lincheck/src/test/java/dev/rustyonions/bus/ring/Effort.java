package dev.rustyonions.bus.ring;

/** How much is tried: by the system property {@code ron.tests}, {@code quick} or {@code full}. */
final class Effort {
    static final boolean FULL = System.getProperty("ron.tests", "quick").equals("full");

    /** Interleavings of each scenario; raised to look further. */
    static final int INVOCATIONS = Integer.getInteger("ron.lincheck.invocations", FULL ? 100 : 25);

    private Effort() {}
}
