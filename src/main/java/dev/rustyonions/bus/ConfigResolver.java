package dev.rustyonions.bus;

import static dev.rustyonions.bus.text.Text.quoted;

import dev.rustyonions.bus.text.Text;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Decides the configuration of a bus from what the builder, the system properties and the
 * environment say.
 */
final class ConfigResolver {

    /*
     * For each setting the first of builder, property and variable that says anything wins, and
     * only the winner is validated. Capacity has a longer line: builder, property, variable or its
     * alias, autotune, fan-out hint, 256. Warnings are written after the last validation, so that a
     * configuration that is refused warns of nothing.
     *
     * This is part of constructing a bus, which is to take less than a microsecond. Looking up a
     * variable in the process environment encodes its name anew each time, so the variables are
     * copied once into an immutable map, usually an empty one; they cannot change while the JVM
     * runs. Properties can, and are read each time: a read of the system properties is a read of a
     * ConcurrentHashMap, which takes no lock. The logger is looked up only where there is something
     * to say.
     */

    /** The resolver over this process's own properties and environment. */
    static final ConfigResolver PROCESS =
            new ConfigResolver(
                    System::getProperty, ronVariables(System.getenv())::get, BusLog.LIBRARY);

    private static final int DEFAULT_CAPACITY = 256;
    private static final int MIN_CAPACITY = 2;
    private static final int MAX_CAPACITY = 65536;

    /** As many as the largest window: a longer batch would overwrite its own beginning. */
    private static final int MAX_FLUSH_THRESHOLD = MAX_CAPACITY;

    /** The largest window that is taken from outside the program without a warning. */
    private static final int CACHE_FRIENDLY_CAPACITY = 256;

    /**
     * The shortest measured at which receivers take no more processor time than in classic mode at
     * 100,000 events/s; PERF.md has the sweep.
     */
    private static final Duration DEFAULT_LINGER = Duration.ofNanos(50_000);

    private static final Duration MAX_LINGER = Duration.ofSeconds(1);

    /** The largest number of a setting that sizes nothing. */
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final String CAPACITY_ALIAS = "RON_BUS_CAPACITY";

    /** The settings that can be made from outside the program. */
    private enum Setting {
        CAPACITY("capacity", "ron.cap", "RON_CAP"),
        FANOUT_HINT("fanoutHint", "ron.fanout", "RON_FANOUT"),
        BURST("burst", "ron.burst", "RON_BURST"),
        EPOCH_YIELD("epochYield", "ron.pub.epoch.yield", "RON_PUB_EPOCH_YIELD"),
        FLUSH_THRESHOLD("flushThreshold", "ron.tls.flush.threshold", "RON_TLS_FLUSH_THRESHOLD"),
        MODE("mode", "ron.mode", "RON_MODE"),
        LINGER("linger", "ron.edge.linger.us", "RON_EDGE_LINGER_US"),
        OVERFLOW_WARN(
                "overflowWarnPerMinute",
                "ron.bus.overflow.warn.per.min",
                "RON_BUS_OVERFLOW_WARN_PER_MIN"),
        METRICS_NAMESPACE(
                "metricsNamespace", "ron.bus.metrics.namespace", "RON_BUS_METRICS_NAMESPACE"),
        AMNESIA_LABEL("amnesiaLabel", "ron.bus.emit.amnesia.label", "RON_BUS_EMIT_AMNESIA_LABEL"),
        AMNESIA("amnesia", "ron.amnesia", "RON_AMNESIA"),
        PQ_LABEL("pqLabel", "ron.bus.pq.label", "RON_BUS_PQ_LABEL");

        final String method;
        final String property;
        final String variable;

        Setting(String method, String property, String variable) {
            this.method = method;
            this.property = property;
            this.variable = variable;
        }
    }

    /** Text that a property or variable holds, and the name of that property or variable. */
    private record Given(String source, String text) {
        /** As messages begin. */
        @Override
        public String toString() {
            return source + ": " + quoted(text);
        }
    }

    /** What a text must look like, and how a message says so. */
    private record Grammar(Predicate<String> test, String allowed) {
        Grammar(String regex, String allowed) {
            this(Pattern.compile(regex).asMatchPredicate(), allowed);
        }
    }

    private static final Grammar NAME = new Grammar(Text::isName, Text.NAME);

    // Both are narrower than a name: metrics' systems take less.
    private static final Grammar NAMESPACE =
            new Grammar(
                    "[A-Za-z][A-Za-z0-9._]{0,127}",
                    "a letter followed by letters, digits, dots and underscores, 128 characters at"
                            + " most");
    private static final Grammar LABEL =
            new Grammar(
                    "[A-Za-z0-9._+-]{1,64}",
                    "1 to 64 letters, digits, dots, underscores, hyphens or plus signs");

    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;
    private final Supplier<System.Logger> logger;

    ConfigResolver(
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment,
            Supplier<System.Logger> logger) {
        this.properties = properties;
        this.environment = environment;
        this.logger = logger;
    }

    /** The configuration of a bus built by {@code asked}. */
    BusConfig resolve(BusBuilder asked) {
        return resolve(asked, Setting.CAPACITY.method);
    }

    /**
     * The configuration of {@code Bus.create(capacity)}: the capacity is given, all else is
     * resolved.
     */
    BusConfig resolve(int capacity) {
        return resolve(new BusBuilder().capacity(capacity), "create");
    }

    private BusConfig resolve(BusBuilder asked, String capacityMethod) {
        String name = asked.name == null ? "bus" : matching(NAME, "name", asked.name);
        Integer fanoutHint = wholeNumber(Setting.FANOUT_HINT, asked.fanoutHint, 1, UNBOUNDED);

        if (asked.capacity != null && asked.autotune != null) {
            throw new IllegalArgumentException(
                    "capacity("
                            + asked.capacity
                            + ") and autotune("
                            + asked.autotune
                            + "): only one of the two may choose the capacity");
        }
        Given outsideCapacity = asked.capacity == null ? capacityFromOutside() : null;
        boolean hintUsed = false;
        int capacity;
        if (asked.capacity != null) {
            capacity = atLeast(1, capacityMethod, asked.capacity);
        } else if (outsideCapacity != null) {
            capacity = wholeNumber(outsideCapacity, 1, UNBOUNDED);
        } else if (asked.autotune != null) {
            capacity = autotuned(atLeast(1, "autotune", asked.autotune));
        } else if (fanoutHint != null) {
            capacity = autotuned(fanoutHint);
            hintUsed = true;
        } else {
            capacity = DEFAULT_CAPACITY;
        }
        boolean capacityBounded = capacity > MAX_CAPACITY;
        capacity = effectiveCapacity(capacity);
        Duration linger = linger(asked.linger);
        boolean lingerBounded = linger.compareTo(MAX_LINGER) > 0;
        Integer burst = wholeNumber(Setting.BURST, asked.burst, 1, UNBOUNDED);

        BusConfig config =
                new BusConfig(
                        name,
                        capacity,
                        mode(asked.mode),
                        orElse(burst, 256),
                        onOff(Setting.EPOCH_YIELD, asked.epochYield, false),
                        orElse(
                                wholeNumber(
                                        Setting.FLUSH_THRESHOLD,
                                        asked.flushThreshold,
                                        1,
                                        MAX_FLUSH_THRESHOLD),
                                64),
                        lingerBounded ? MAX_LINGER : linger,
                        fanoutHint == null ? OptionalInt.empty() : OptionalInt.of(fanoutHint),
                        orElse(
                                wholeNumber(
                                        Setting.OVERFLOW_WARN,
                                        asked.overflowWarnPerMinute,
                                        0,
                                        UNBOUNDED),
                                60),
                        orElse(
                                text(Setting.METRICS_NAMESPACE, NAMESPACE, asked.metricsNamespace),
                                "ron.bus"),
                        onOff(Setting.AMNESIA_LABEL, asked.amnesiaLabel, true),
                        onOff(Setting.AMNESIA, asked.amnesia, false),
                        Optional.ofNullable(text(Setting.PQ_LABEL, LABEL, asked.pqLabel)));

        if (capacityBounded) {
            log(
                    System.Logger.Level.WARNING,
                    config,
                    (outsideCapacity == null
                                    ? capacityMethod + "(" + asked.capacity + ")"
                                    : outsideCapacity.toString())
                            + " is over the largest capacity: it is "
                            + MAX_CAPACITY
                            + " instead");
        }
        if (lingerBounded) {
            log(
                    System.Logger.Level.WARNING,
                    config,
                    (asked.linger == null
                                    ? String.valueOf(fromOutside(Setting.LINGER))
                                    : Setting.LINGER.method + "(" + asked.linger + ")")
                            + " is over the longest linger: it is one second instead");
        }
        if (outsideCapacity != null && capacity > CACHE_FRIENDLY_CAPACITY) {
            log(
                    System.Logger.Level.WARNING,
                    config,
                    "capacity "
                            + capacity
                            + " from "
                            + outsideCapacity.source
                            + " is over "
                            + CACHE_FRIENDLY_CAPACITY
                            + ": a window this large may not stay in cache; the builder sets it"
                            + " without this warning");
        }
        if (burst != null && capacity < burst) {
            log(
                    System.Logger.Level.WARNING,
                    config,
                    "capacity "
                            + capacity
                            + " is below burst "
                            + burst
                            + ": a burst overwrites its own beginning before a receiver can read"
                            + " it; raise the capacity or lower the burst");
        }
        if (fanoutHint != null && !hintUsed) {
            log(
                    System.Logger.Level.DEBUG,
                    config,
                    "fan-out hint " + fanoutHint + ", capacity " + capacity + " chosen without it");
        }
        return config;
    }

    /** The next power of two from {@code asked} up, within the bounds of a window. */
    static int effectiveCapacity(int asked) {
        int bounded = Math.clamp(asked, MIN_CAPACITY, MAX_CAPACITY);
        return 1 << (Integer.SIZE - Integer.numberOfLeadingZeros(bounded - 1));
    }

    /** The variables of {@code environment} that belong to a bus. */
    static Map<String, String> ronVariables(Map<String, String> environment) {
        Map<String, String> own = new HashMap<>();
        environment.forEach(
                (variable, text) -> {
                    if (variable.startsWith("RON_")) {
                        own.put(variable, text);
                    }
                });
        return Map.copyOf(own);
    }

    private static int autotuned(int receivers) {
        if (receivers <= 4) {
            return 64;
        }
        return receivers <= 16 ? 128 : 256;
    }

    // Sources

    private @Nullable Given fromOutside(Setting setting) {
        Given property = given(properties, setting.property);
        return property != null ? property : given(environment, setting.variable);
    }

    private @Nullable Given capacityFromOutside() {
        Given property = given(properties, Setting.CAPACITY.property);
        if (property != null) {
            return property;
        }
        Given variable = given(environment, Setting.CAPACITY.variable);
        Given alias = given(environment, CAPACITY_ALIAS);
        if (variable == null) {
            return alias;
        }
        if (alias != null && !digitsOf(variable).equals(digitsOf(alias))) {
            throw new IllegalArgumentException(
                    variable
                            + " and "
                            + alias
                            + " differ; set one of them, or both to the same value");
        }
        return variable;
    }

    /** The digits of a capacity without leading zeros: equal for equal numbers, however large. */
    private static String digitsOf(Given given) {
        wholeNumber(given, 1, UNBOUNDED);
        int from = 0;
        while (given.text.charAt(from) == '0') {
            from++;
        }
        return given.text.substring(from);
    }

    private static @Nullable Given given(Function<String, @Nullable String> source, String key) {
        String text = source.apply(key);
        return text == null || text.isEmpty() ? null : new Given(key, text);
    }

    // Settings by kind: the builder's value, else the text from outside, validated; null where
    // neither says anything

    private @Nullable Integer wholeNumber(
            Setting setting, @Nullable Integer built, int min, int max) {
        if (built != null) {
            return within(min, max, setting.method, built);
        }
        Given given = fromOutside(setting);
        return given == null ? null : (Integer) wholeNumber(given, min, max);
    }

    private boolean onOff(Setting setting, @Nullable Boolean built, boolean byDefault) {
        if (built != null) {
            return built;
        }
        Given given = fromOutside(setting);
        if (given == null) {
            return byDefault;
        }
        return switch (given.text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "on" -> true;
            case "0", "false", "off" -> false;
            default -> throw refused(given, "one of 1, 0, true, false, on, off");
        };
    }

    private Mode mode(@Nullable Mode built) {
        if (built != null) {
            return built;
        }
        Given given = fromOutside(Setting.MODE);
        if (given == null) {
            return Mode.CLASSIC;
        }
        return switch (given.text.toLowerCase(Locale.ROOT)) {
            case "classic" -> Mode.CLASSIC;
            case "batched" -> Mode.BATCHED;
            case "edge" -> Mode.EDGE;
            default -> throw refused(given, "one of classic, batched, edge");
        };
    }

    /** The linger asked for, not yet bounded. */
    private Duration linger(@Nullable Duration built) {
        if (built == null) {
            Given given = fromOutside(Setting.LINGER);
            return given == null
                    ? DEFAULT_LINGER
                    : Duration.ofNanos(wholeNumber(given, 0, UNBOUNDED) * 1_000L);
        }
        if (built.isNegative()) {
            throw Text.refused(
                    Setting.LINGER.method + "(" + built + ")",
                    built.toString(),
                    "a duration from zero up");
        }
        return built;
    }

    private @Nullable String text(Setting setting, Grammar grammar, @Nullable String built) {
        if (built != null) {
            return matching(grammar, setting.method, built);
        }
        Given given = fromOutside(setting);
        if (given == null) {
            return null;
        }
        if (!grammar.test.test(given.text)) {
            throw refused(given, grammar.allowed);
        }
        return given.text;
    }

    // Validation

    private static int atLeast(int min, String method, int built) {
        return within(min, UNBOUNDED, method, built);
    }

    private static int within(int min, int max, String method, int built) {
        if (built < min || built > max) {
            throw Text.refused(
                    method + "(" + built + ")", Integer.toString(built), wholeNumbers(min, max));
        }
        return built;
    }

    /**
     * The number that the text spells in decimal digits, {@link Integer#MAX_VALUE} where it is
     * larger than that.
     */
    private static int wholeNumber(Given given, int min, int max) {
        long number = 0;
        for (int i = 0; i < given.text.length(); i++) {
            char digit = given.text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw refused(given, wholeNumbers(min, max));
            }
            number = Math.min(number * 10 + (digit - '0'), Integer.MAX_VALUE);
        }
        if (number < min || number > max) {
            throw refused(given, wholeNumbers(min, max));
        }
        return (int) number;
    }

    private static String matching(Grammar grammar, String method, String built) {
        if (!grammar.test.test(built)) {
            String quoted = quoted(built);
            throw Text.refused(method + "(" + quoted + ")", quoted, grammar.allowed);
        }
        return built;
    }

    private static <T> T orElse(@Nullable T value, T byDefault) {
        return value == null ? byDefault : value;
    }

    private static String wholeNumbers(int min, int max) {
        return "a whole number from " + min + (max == UNBOUNDED ? " up" : " to " + max);
    }

    private static IllegalArgumentException refused(Given given, String allowed) {
        return Text.refused(given.source, quoted(given.text), allowed);
    }

    private void log(System.Logger.Level level, BusConfig config, String what) {
        BusLog.write(logger, level, "bus \"" + config.name() + "\": " + what);
    }
}
