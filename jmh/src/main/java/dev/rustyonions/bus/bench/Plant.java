package dev.rustyonions.bus.bench;

/**
 * A slowdown planted on request, so that the gate can be shown to go red: {@code RON_BENCH_PLANT}
 * names the gated figure whose subject does its work twice.
 */
public final class Plant {
    private static final String PLANTED = String.valueOf(Settings.get("RON_BENCH_PLANT"));

    private Plant() {}

    /** Whether {@code figure} is to be slowed down. Callers keep the answer in a constant. */
    public static boolean in(String figure) {
        return PLANTED.equals(figure);
    }
}
