package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Ring;
import dev.rustyonions.bus.text.Text;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One setting of a bus: the builder's method, the system property and the environment variable that
 * make it, how its text is read and its value checked, and what holds if nobody makes it.
 *
 * @param method the method of {@link BusBuilder}
 * @param property the system property, or null if there is none
 * @param variable the environment variable, or null if there is none
 * @param kind how values are read and checked
 * @param byDefault the value if nobody says anything; null for none
 * @param <T> the type of the value
 */
record Setting<T>(
        String method,
        @Nullable String property,
        @Nullable String variable,
        Kind<T> kind,
        @Nullable T byDefault) {

    /** The largest number of a setting that sizes nothing. */
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    /** As many as the largest window: a longer batch would overwrite its own beginning. */
    private static final int MAX_FLUSH_THRESHOLD = Ring.MAX_CAPACITY;

    /**
     * The shortest measured at which receivers take no more processor time than in classic mode at
     * 100,000 events/s; PERF.md has the sweep.
     */
    private static final Duration DEFAULT_LINGER = Duration.ofNanos(50_000);

    static final Setting<String> NAME =
            new Setting<>("name", null, null, new Words(Text::isName, Text.NAME), "bus");

    static final Setting<Integer> CAPACITY =
            number("capacity", "ron.cap", "RON_CAP", 1, UNBOUNDED, 256);

    /** The capacity given to {@code Bus.create}. */
    static final Setting<Integer> CREATE = number("create", null, null, 1, UNBOUNDED, null);

    static final Setting<Integer> AUTOTUNE = number("autotune", null, null, 1, UNBOUNDED, null);

    static final Setting<Integer> FANOUT_HINT =
            number("fanoutHint", "ron.fanout", "RON_FANOUT", 1, UNBOUNDED, null);

    static final Setting<Integer> BURST =
            number("burst", "ron.burst", "RON_BURST", 1, UNBOUNDED, 256);

    static final Setting<Boolean> EPOCH_YIELD =
            new Setting<>(
                    "epochYield",
                    "ron.pub.epoch.yield",
                    "RON_PUB_EPOCH_YIELD",
                    new Switch(),
                    false);

    static final Setting<Integer> FLUSH_THRESHOLD =
            number(
                    "flushThreshold",
                    "ron.tls.flush.threshold",
                    "RON_TLS_FLUSH_THRESHOLD",
                    1,
                    MAX_FLUSH_THRESHOLD,
                    64);

    static final Setting<Mode> MODE =
            new Setting<>("mode", "ron.mode", "RON_MODE", new Modes(), Mode.CLASSIC);

    static final Setting<Duration> LINGER =
            new Setting<>(
                    "linger",
                    "ron.edge.linger.us",
                    "RON_EDGE_LINGER_US",
                    new Microseconds(),
                    DEFAULT_LINGER);

    static final Setting<Integer> OVERFLOW_WARN =
            number(
                    "overflowWarnPerMinute",
                    "ron.bus.overflow.warn.per.min",
                    "RON_BUS_OVERFLOW_WARN_PER_MIN",
                    0,
                    UNBOUNDED,
                    60);

    // This one and the label are narrower than a name: metrics' systems take less.
    static final Setting<String> METRICS_NAMESPACE =
            new Setting<>(
                    "metricsNamespace",
                    "ron.bus.metrics.namespace",
                    "RON_BUS_METRICS_NAMESPACE",
                    Words.matching(
                            "[A-Za-z][A-Za-z0-9._]{0,127}",
                            "a letter followed by letters, digits, dots and underscores, ASCII all"
                                    + " of them, 128 characters at most"),
                    "ron.bus");

    static final Setting<Boolean> AMNESIA_LABEL =
            new Setting<>(
                    "amnesiaLabel",
                    "ron.bus.emit.amnesia.label",
                    "RON_BUS_EMIT_AMNESIA_LABEL",
                    new Switch(),
                    true);

    static final Setting<Boolean> AMNESIA =
            new Setting<>("amnesia", "ron.amnesia", "RON_AMNESIA", new Switch(), false);

    static final Setting<String> PQ_LABEL =
            new Setting<>(
                    "pqLabel",
                    "ron.bus.pq.label",
                    "RON_BUS_PQ_LABEL",
                    Words.matching(
                            "[A-Za-z0-9._+-]{1,64}",
                            "1 to 64 letters, digits, dots, underscores, hyphens or plus signs,"
                                    + " ASCII all of them"),
                    null);

    private static Setting<Integer> number(
            String method,
            @Nullable String property,
            @Nullable String variable,
            int min,
            int max,
            @Nullable Integer byDefault) {
        return new Setting<>(method, property, variable, new Numbers(min, max), byDefault);
    }

    /**
     * The value of a property or variable.
     *
     * @throws IllegalArgumentException if it is not allowed
     */
    T parse(RawValue raw) {
        return kind.parse(raw);
    }

    /**
     * The value that the builder was given.
     *
     * @throws IllegalArgumentException if it is not allowed
     */
    T check(T built) {
        if (!kind.allows(built)) {
            String shown = kind.shown(built);
            throw Text.refused(method + "(" + shown + ")", shown, kind.allowed());
        }
        return built;
    }

    // ---- kinds of values ----

    /** How the values of a setting are read, checked and shown. */
    sealed interface Kind<T> permits Numbers, Switch, Modes, Microseconds, Words {
        /** What is allowed, as messages say it. */
        String allowed();

        /** Reads a text, or throws what the text is refused with. */
        T parse(RawValue raw);

        boolean allows(T value);

        /** A value as messages show it. */
        default String shown(T value) {
            return String.valueOf(value);
        }
    }

    /** Whole numbers. A text whose number is too large for an int stands for the largest int. */
    record Numbers(int min, int max) implements Kind<Integer> {
        @Override
        public String allowed() {
            return "a whole number from " + min + (max == UNBOUNDED ? " up" : " to " + max);
        }

        @Override
        public Integer parse(RawValue raw) {
            long number = 0;
            for (int i = 0; i < raw.text().length(); i++) {
                char digit = raw.text().charAt(i);
                if (digit < '0' || digit > '9') {
                    throw raw.refused(allowed());
                }
                number = Math.min(number * 10 + (digit - '0'), Integer.MAX_VALUE);
            }
            if (!allows((int) number)) {
                throw raw.refused(allowed());
            }
            return (int) number;
        }

        @Override
        public boolean allows(Integer value) {
            return value >= min && value <= max;
        }
    }

    /** On or off. */
    record Switch() implements Kind<Boolean> {
        @Override
        public String allowed() {
            return "one of 1, 0, true, false, on, off";
        }

        @Override
        public Boolean parse(RawValue raw) {
            return switch (raw.text().toLowerCase(Locale.ROOT)) {
                case "1", "true", "on" -> true;
                case "0", "false", "off" -> false;
                default -> throw raw.refused(allowed());
            };
        }

        @Override
        public boolean allows(Boolean value) {
            return true;
        }
    }

    /** The modes by name. */
    record Modes() implements Kind<Mode> {
        @Override
        public String allowed() {
            return "one of classic, batched, edge";
        }

        @Override
        public Mode parse(RawValue raw) {
            return switch (raw.text().toLowerCase(Locale.ROOT)) {
                case "classic" -> Mode.CLASSIC;
                case "batched" -> Mode.BATCHED;
                case "edge" -> Mode.EDGE;
                default -> throw raw.refused(allowed());
            };
        }

        @Override
        public boolean allows(Mode value) {
            return true;
        }
    }

    /** Durations, written in text as whole microseconds. */
    record Microseconds() implements Kind<Duration> {
        private static final Numbers NUMBER = new Numbers(0, UNBOUNDED);

        @Override
        public String allowed() {
            return "a duration from zero up";
        }

        @Override
        public Duration parse(RawValue raw) {
            return Duration.ofNanos(NUMBER.parse(raw) * 1_000L);
        }

        @Override
        public boolean allows(Duration value) {
            return !value.isNegative();
        }
    }

    /** Texts of a certain form. */
    record Words(Predicate<String> form, String allowed) implements Kind<String> {
        static Words matching(String regex, String allowed) {
            return new Words(Pattern.compile(regex).asMatchPredicate(), allowed);
        }

        @Override
        public String parse(RawValue raw) {
            if (!allows(raw.text())) {
                throw raw.refused(allowed);
            }
            return raw.text();
        }

        @Override
        public boolean allows(String value) {
            return form.test(value);
        }

        @Override
        public String shown(String value) {
            return Text.quoted(value);
        }
    }

    /**
     * The raw value that {@code source} has under {@code key}; null if there is none or it is
     * empty.
     */
    static @Nullable RawValue raw(Function<String, @Nullable String> source, @Nullable String key) {
        String text = key == null ? null : source.apply(key);
        return key == null || text == null || text.isEmpty() ? null : new RawValue(key, text);
    }
}
