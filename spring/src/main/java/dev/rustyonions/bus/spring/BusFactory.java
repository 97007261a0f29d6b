package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusBuilder;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Makes buses from properties, and names the property where the library refuses a value. */
final class BusFactory {
    static final String PREFIX = "ron.bus";
    static final String BUSES = PREFIX + ".buses";

    private static final String WHOLE_NUMBER = "a whole number from 1 up";
    private static final String SWITCH = "true or false";

    /**
     * A setting: the builder's method, what is allowed where a text cannot even be converted, how
     * properties give it and how the builder is told.
     */
    private record Setting<T>(
            String method,
            String allowed,
            Function<BusSettings, @Nullable T> given,
            BiConsumer<BusBuilder, T> tell) {
        String property() {
            return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        }

        boolean isIn(BusSettings settings) {
            return given.apply(settings) != null;
        }

        void tell(BusBuilder builder, BusSettings settings) {
            T value = given.apply(settings);
            if (value != null) {
                tell.accept(builder, value);
            }
        }
    }

    private static final List<Setting<?>> SETTINGS =
            List.of(
                    new Setting<>(
                            "capacity",
                            WHOLE_NUMBER,
                            BusSettings::getCapacity,
                            BusBuilder::capacity),
                    new Setting<>(
                            "autotune",
                            WHOLE_NUMBER,
                            BusSettings::getAutotune,
                            BusBuilder::autotune),
                    new Setting<>(
                            "fanoutHint",
                            WHOLE_NUMBER,
                            BusSettings::getFanoutHint,
                            BusBuilder::fanoutHint),
                    new Setting<>("burst", WHOLE_NUMBER, BusSettings::getBurst, BusBuilder::burst),
                    new Setting<>(
                            "epochYield",
                            SWITCH,
                            BusSettings::getEpochYield,
                            BusBuilder::epochYield),
                    new Setting<>(
                            "flushThreshold",
                            "a whole number from 1 to 65536",
                            BusSettings::getFlushThreshold,
                            BusBuilder::flushThreshold),
                    new Setting<>(
                            "mode",
                            "one of classic, batched, edge",
                            BusSettings::getMode,
                            BusBuilder::mode),
                    new Setting<>(
                            "linger",
                            "a duration from zero up, such as 50us; without a unit, microseconds",
                            BusSettings::getLinger,
                            BusBuilder::linger),
                    new Setting<>(
                            "overflowWarnPerMinute",
                            "a whole number from 0 up",
                            BusSettings::getOverflowWarnPerMinute,
                            BusBuilder::overflowWarnPerMinute),
                    new Setting<>(
                            "metricsNamespace",
                            "a text",
                            BusSettings::getMetricsNamespace,
                            BusBuilder::metricsNamespace),
                    new Setting<>(
                            "amnesiaLabel",
                            SWITCH,
                            BusSettings::getAmnesiaLabel,
                            BusBuilder::amnesiaLabel),
                    new Setting<>("amnesia", SWITCH, BusSettings::getAmnesia, BusBuilder::amnesia),
                    new Setting<>(
                            "pqLabel", "a text", BusSettings::getPqLabel, BusBuilder::pqLabel));

    private final RonBusProperties properties;

    BusFactory(RonBusProperties properties) {
        this.properties = properties;
    }

    /** What a setting takes, by the last part of its property; null if there is no such setting. */
    static @Nullable String allowed(String lastPart) {
        for (Setting<?> setting : SETTINGS) {
            if (setting.property().equals(lastPart)) {
                return setting.allowed;
            }
        }
        return null;
    }

    /** The one bus, where none is named. */
    Bus<?> one() {
        BusBuilder builder = Bus.builder();
        String name = properties.getName();
        if (name != null) {
            builder.name(name);
        }
        return build(builder, PREFIX + ".name", String.valueOf(name), new BusSettings(), PREFIX);
    }

    /** A bus of {@code ron.bus.buses}. */
    Bus<?> named(String name) {
        if (properties.getName() != null) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + ".name",
                    properties.getName(),
                    "it names the one bus, and there is none beside "
                            + BUSES
                            + "; the name of each of those is its key: "
                            + properties.getBuses().keySet());
        }
        BusSettings own = Objects.requireNonNull(properties.getBuses().get(name), name);
        return build(Bus.builder().name(name), BUSES, name, own, BUSES + "." + name);
    }

    private Bus<?> build(
            BusBuilder builder, String nameFrom, String name, BusSettings own, String prefix) {
        BusSettings shared = properties;
        // A bus that has one of the two does not take the other from what is shared.
        boolean choosesCapacity = own.getCapacity() != null || own.getAutotune() != null;
        for (Setting<?> setting : SETTINGS) {
            boolean chosen =
                    choosesCapacity
                            && (setting.method.equals("capacity")
                                    || setting.method.equals("autotune"));
            setting.tell(builder, chosen || setting.isIn(own) ? own : shared);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw named(refused, nameFrom, name, own, prefix);
        }
    }

    /** Says which property the builder's method stands for; the library's own sources say that. */
    private RuntimeException named(
            IllegalArgumentException refused,
            String nameFrom,
            String name,
            BusSettings own,
            String prefix) {
        String message = String.valueOf(refused.getMessage());
        int end = message.indexOf("): ");
        String reason = end < 0 ? message : message.substring(end + 3);
        if (message.startsWith("name(")) {
            return new InvalidConfigurationPropertyValueException(nameFrom, name, reason, refused);
        }
        for (Setting<?> setting : SETTINGS) {
            if (message.startsWith(setting.method + "(")) {
                boolean isOwn = setting.isIn(own);
                return new InvalidConfigurationPropertyValueException(
                        (isOwn ? prefix : PREFIX) + "." + setting.property(),
                        setting.given.apply(isOwn ? own : properties),
                        message.contains(") and ") ? message : reason,
                        refused);
            }
        }
        return new RefusedSourceException(message, refused);
    }

    /** The library refused what one of its own sources says, a variable for instance. */
    static final class RefusedSourceException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedSourceException(String message, IllegalArgumentException cause) {
            super(message, cause);
        }
    }
}
