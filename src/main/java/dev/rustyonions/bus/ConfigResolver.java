package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Ring;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /** The largest window that is taken from outside the program without a warning. */
    private static final int CACHE_FRIENDLY_CAPACITY = 256;

    private static final Duration MAX_LINGER = Duration.ofSeconds(1);

    private static final String CAPACITY_ALIAS = "RON_BUS_CAPACITY";

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

    /** The configuration of a bus whose builder was told {@code asked}. */
    BusConfig resolve(Settings asked) {
        return resolve(asked, Setting.CAPACITY);
    }

    /**
     * The configuration of {@code Bus.create(capacity)}: the capacity is given, all else is
     * resolved.
     */
    BusConfig resolve(int capacity) {
        Settings asked = new Settings();
        asked.capacity = capacity;
        return resolve(asked, Setting.CREATE);
    }

    private BusConfig resolve(Settings asked, Setting<Integer> given) {
        String name = value(Setting.NAME, asked.name);
        Integer fanoutHint = find(Setting.FANOUT_HINT, asked.fanoutHint);
        Capacity capacity = capacity(asked, given, fanoutHint);
        Duration linger = value(Setting.LINGER, asked.linger);
        Integer burst = findSaid(Setting.BURST, asked.burst);
        BusConfig config =
                new BusConfig(
                        name,
                        effectiveCapacity(capacity.asked),
                        value(Setting.MODE, asked.mode),
                        burst == null ? byDefault(Setting.BURST) : burst,
                        value(Setting.EPOCH_YIELD, asked.epochYield),
                        value(Setting.FLUSH_THRESHOLD, asked.flushThreshold),
                        linger.compareTo(MAX_LINGER) > 0 ? MAX_LINGER : linger,
                        fanoutHint == null ? OptionalInt.empty() : OptionalInt.of(fanoutHint),
                        value(Setting.OVERFLOW_WARN, asked.overflowWarnPerMinute),
                        value(Setting.METRICS_NAMESPACE, asked.metricsNamespace),
                        value(Setting.AMNESIA_LABEL, asked.amnesiaLabel),
                        value(Setting.AMNESIA, asked.amnesia),
                        Optional.ofNullable(find(Setting.PQ_LABEL, asked.pqLabel)));
        warnOfCapacity(config, capacity);
        warnOfLinger(config, linger, asked);
        warnOfBurst(config, burst);
        noteFanoutHint(config, capacity);
        return config;
    }

    // ---- settings ----

    /**
     * The value of a setting: the builder's, else from outside, else the default, if there is one.
     */
    private <T> @Nullable T find(Setting<T> setting, @Nullable T built) {
        T said = findSaid(setting, built);
        return said == null ? setting.byDefault() : said;
    }

    /** The value that somebody has said; null if nobody has. */
    private <T> @Nullable T findSaid(Setting<T> setting, @Nullable T built) {
        if (built != null) {
            return setting.check(built);
        }
        RawValue raw = fromOutside(setting);
        return raw == null ? null : setting.parse(raw);
    }

    /** The value of a setting that has a default. */
    private <T> T value(Setting<T> setting, @Nullable T built) {
        return Objects.requireNonNull(find(setting, built));
    }

    private static <T> T byDefault(Setting<T> setting) {
        return Objects.requireNonNull(setting.byDefault());
    }

    private @Nullable RawValue fromOutside(Setting<?> setting) {
        RawValue property = Setting.raw(properties, setting.property());
        return property != null ? property : Setting.raw(environment, setting.variable());
    }

    // ---- capacity ----

    /**
     * A capacity, and who chose it.
     *
     * @param asked how many messages, not yet bounded
     * @param source what messages name
     * @param isFromOutside whether a property or a variable chose it
     * @param isFromHint whether the fan-out hint did
     */
    private record Capacity(int asked, String source, boolean isFromOutside, boolean isFromHint) {}

    private Capacity capacity(Settings asked, Setting<Integer> given, @Nullable Integer hint) {
        if (asked.capacity != null && asked.autotune != null) {
            throw new IllegalArgumentException(
                    "capacity("
                            + asked.capacity
                            + ") and autotune("
                            + asked.autotune
                            + "): only one of the two may choose the capacity");
        }
        if (asked.capacity != null) {
            String source = given.method() + "(" + asked.capacity + ")";
            return new Capacity(given.check(asked.capacity), source, false, false);
        }
        RawValue raw = capacityFromOutside();
        if (raw != null) {
            return new Capacity(Setting.CAPACITY.parse(raw), raw.source(), true, false);
        }
        if (asked.autotune != null) {
            int receivers = Setting.AUTOTUNE.check(asked.autotune);
            return new Capacity(autotuned(receivers), "autotune", false, false);
        }
        if (hint != null) {
            return new Capacity(autotuned(hint), "fan-out hint", false, true);
        }
        return new Capacity(byDefault(Setting.CAPACITY), "default", false, false);
    }

    private @Nullable RawValue capacityFromOutside() {
        RawValue property = Setting.raw(properties, Setting.CAPACITY.property());
        if (property != null) {
            return property;
        }
        RawValue variable = Setting.raw(environment, Setting.CAPACITY.variable());
        RawValue alias = Setting.raw(environment, CAPACITY_ALIAS);
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
    private static String digitsOf(RawValue raw) {
        Setting.CAPACITY.parse(raw);
        int from = 0;
        while (raw.text().charAt(from) == '0') {
            from++;
        }
        return raw.text().substring(from);
    }

    /** The next power of two from {@code asked} up, within the bounds of a window. */
    static int effectiveCapacity(int asked) {
        int bounded = Math.clamp(asked, Ring.MIN_CAPACITY, Ring.MAX_CAPACITY);
        return 1 << (Integer.SIZE - Integer.numberOfLeadingZeros(bounded - 1));
    }

    private static int autotuned(int receivers) {
        if (receivers <= 4) {
            return 64;
        }
        return receivers <= 16 ? 128 : 256;
    }

    // ---- sources ----

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

    // ---- warnings ----

    private void warnOfCapacity(BusConfig config, Capacity capacity) {
        if (capacity.asked > Ring.MAX_CAPACITY) {
            RawValue raw = capacity.isFromOutside ? capacityFromOutside() : null;
            log(
                    Level.WARNING,
                    config,
                    (raw == null ? capacity.source : raw.toString())
                            + " is over the largest capacity: it is "
                            + Ring.MAX_CAPACITY
                            + " instead");
        }
        if (capacity.isFromOutside && config.capacity() > CACHE_FRIENDLY_CAPACITY) {
            log(
                    Level.WARNING,
                    config,
                    "capacity "
                            + config.capacity()
                            + " from "
                            + capacity.source
                            + " is over "
                            + CACHE_FRIENDLY_CAPACITY
                            + ": a window this large may not stay in cache; the builder sets it"
                            + " without this warning");
        }
    }

    private void warnOfLinger(BusConfig config, Duration linger, Settings asked) {
        if (linger.compareTo(MAX_LINGER) > 0) {
            log(
                    Level.WARNING,
                    config,
                    (asked.linger == null
                                    ? String.valueOf(fromOutside(Setting.LINGER))
                                    : Setting.LINGER.method() + "(" + asked.linger + ")")
                            + " is over the longest linger: it is one second instead");
        }
    }

    /** Warns of a burst above the capacity, whichever source has set it. */
    private void warnOfBurst(BusConfig config, @Nullable Integer burst) {
        if (burst != null && config.capacity() < burst) {
            log(
                    Level.WARNING,
                    config,
                    "capacity "
                            + config.capacity()
                            + " is below burst "
                            + burst
                            + ": a burst overwrites its own beginning before a receiver can read"
                            + " it; raise the capacity or lower the burst");
        }
    }

    private void noteFanoutHint(BusConfig config, Capacity capacity) {
        if (config.fanoutHint().isPresent() && !capacity.isFromHint) {
            log(
                    Level.DEBUG,
                    config,
                    "fan-out hint "
                            + config.fanoutHint().getAsInt()
                            + ", capacity "
                            + config.capacity()
                            + " chosen without it");
        }
    }

    private void log(Level level, BusConfig config, String what) {
        BusLog.write(logger, level, "bus \"" + config.name() + "\": " + what);
    }
}
