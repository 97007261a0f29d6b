package dev.rustyonions.bus.bench;

/**
 * A slowdown planted on request, so that a measurement can be shown to see it: {@code
 * RON_BENCH_PLANT} names what does its work twice, or with {@code =1.2} behind it a fifth more. It
 * is a gated figure, or a side of a comparison as {@code drain/bus}.
 */
public final class Plant {
    private static final String[] PLANTED =
            String.valueOf(Settings.get("RON_BENCH_PLANT")).split("=", 2);

    private Plant() {}

    /** Whether {@code figure} is to be slowed down. Callers keep the answer in a constant. */
    public static boolean in(String figure) {
        return PLANTED[0].equals(figure);
    }

    /** How many times its work a side of a comparison does: 1 if nothing is planted in it. */
    public static double slowdown(String side) {
        if (!in(side)) {
            return 1;
        }
        if (PLANTED.length == 1) {
            return 2;
        }
        try {
            return Double.parseDouble(PLANTED[1]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "RON_BENCH_PLANT: \"" + PLANTED[1] + "\" is not a number of times", e);
        }
    }
}
