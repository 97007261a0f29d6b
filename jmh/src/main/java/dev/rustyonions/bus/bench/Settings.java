package dev.rustyonions.bus.bench;

import org.jspecify.annotations.Nullable;

/**
 * What the environment says about a run: {@code RON_BURST}, {@code RON_CAP}, {@code RON_FANOUT},
 * {@code RON_BENCH_*}.
 */
public final class Settings {
    private static final String SEED = "ron.bench.seed";

    private Settings() {}

    /** Events in one burst. */
    public static int burst() {
        return positive("RON_BURST", 512);
    }

    /** Capacity of the bus under test, where a benchmark does not sweep it. */
    public static int capacity() {
        return positive("RON_CAP", 1024);
    }

    /** Receivers, where a benchmark does not sweep them. */
    public static int fanout() {
        return positive("RON_FANOUT", 4);
    }

    /** Milliseconds of one timed run of a stream, burst or latency measurement. */
    public static int millis() {
        return positive("RON_BENCH_MILLIS", 500);
    }

    /** Repetitions of which the median is reported. */
    public static int rounds() {
        return positive("RON_BENCH_ROUNDS", 3);
    }

    /**
     * Whether a publisher spins until an event is due; by default where it has a processor beside
     * two carriers.
     */
    public static boolean spins() {
        String pace = get("RON_BENCH_PACE");
        if (pace == null) {
            return Runtime.getRuntime().availableProcessors() > 2;
        }
        return switch (pace) {
            case "spin" -> true;
            case "sleep" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "RON_BENCH_PACE: \"" + pace + "\" is neither spin nor sleep");
        };
    }

    /**
     * Seed of the orders in which slices are taken: what the JVM that started this one gave it,
     * else {@code RON_BENCH_SEED}, else another each time.
     */
    public static long seed() {
        String value = System.getProperty(SEED, get("RON_BENCH_SEED"));
        if (value == null) {
            return System.nanoTime();
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "RON_BENCH_SEED: \"" + value + "\" is not a whole number", e);
        }
    }

    /** The option that gives a JVM its seed. */
    public static String seedOption(long seed) {
        return "-D" + SEED + "=" + seed;
    }

    /** Seconds that each side of a gated ratio is measured in a round, {@code MEASTIME}. */
    public static double measuredSeconds() {
        String value = get("MEASTIME");
        if (value == null) {
            return 0.4;
        }
        try {
            double seconds = Double.parseDouble(value);
            if (seconds > 0 && seconds < Double.POSITIVE_INFINITY) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw noSeconds(value, e);
        }
        throw noSeconds(value, null);
    }

    private static IllegalArgumentException noSeconds(
            String value, @Nullable NumberFormatException cause) {
        return new IllegalArgumentException(
                "MEASTIME: \"" + value + "\" is not a number of seconds above 0", cause);
    }

    /**
     * A heap of one size for every JVM that JMH starts, its pages there from the beginning: the
     * first touch of a page costs more than the object put there.
     */
    public static String[] heap() {
        return new String[] {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"};
    }

    /** A positive whole number from the environment. */
    public static int positive(String name, int otherwise) {
        String value = get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(name, value, e);
        }
        throw refused(name, value, null);
    }

    private static IllegalArgumentException refused(
            String name, String value, @Nullable NumberFormatException cause) {
        return new IllegalArgumentException(
                name + ": \"" + value + "\" is not a whole number from 1 up", cause);
    }

    /** A variable of the environment; null if it is unset or empty. */
    public static @Nullable String get(String name) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
