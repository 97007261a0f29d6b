package dev.rustyonions.bus.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The properties {@code ron.bus.*}: settings of the one bus or of all named ones, the named ones,
 * and what the starter does with them.
 */
@ConfigurationProperties("ron.bus")
public class RonBusProperties extends BusSettings {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * The name of the one bus in logs, metrics and thread dumps: 1 to 128 characters, not blank,
     * no control characters, line separators or marks that turn the direction of text. Not to be
     * set beside ron.bus.buses, whose keys are the names there.
     */
    private @Nullable String name;

    /**
     * Named buses, each a bean of that name. A setting that such a bus does not have is taken from
     * ron.bus.
     */
    private final Map<String, NamedBus> buses = new LinkedHashMap<>();

    @NestedConfigurationProperty private final Metrics metrics = new Metrics();
    @NestedConfigurationProperty private final Health health = new Health();
    @NestedConfigurationProperty private final Shutdown shutdown = new Shutdown();

    /** Makes properties of which none is set. */
    public RonBusProperties() {}

    /**
     * Says what the one bus is called.
     *
     * @return the name; null if it is not set
     */
    public @Nullable String getName() {
        return name;
    }

    /**
     * Sets what the one bus is called.
     *
     * @param name the name; null to leave it unset
     */
    public void setName(@Nullable String name) {
        this.name = name;
    }

    /**
     * The named buses, to be added to.
     *
     * @return their settings by name
     */
    public Map<String, NamedBus> getBuses() {
        return buses;
    }

    /**
     * How the buses are measured.
     *
     * @return the settings of the metrics
     */
    public Metrics getMetrics() {
        return metrics;
    }

    /**
     * What counts as unhealthy.
     *
     * @return the settings of the health indicator
     */
    public Health getHealth() {
        return health;
    }

    /**
     * How the buses are closed.
     *
     * @return the settings of the shutdown
     */
    public Shutdown getShutdown() {
        return shutdown;
    }

    /** How many nanoseconds that is; of more than 292 years, as many as can be counted. */
    static long nanos(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** The settings of a named bus. */
    public static class NamedBus extends BusSettings {
        /** The class of the events of the bus, so that it is injected where they are asked for. */
        private @Nullable Class<?> eventType;

        /** Makes settings of which none is set. */
        public NamedBus() {}

        /**
         * Says of what type the events are.
         *
         * @return the type; null if it is not set
         */
        public @Nullable Class<?> getEventType() {
            return eventType;
        }

        /**
         * Sets of what type the events are.
         *
         * @param eventType the type; null to leave it unset
         */
        public void setEventType(@Nullable Class<?> eventType) {
            this.eventType = eventType;
        }
    }

    /** How the buses are measured. */
    public static class Metrics {
        /** Whether the buses are bound to the meter registries. */
        private boolean enabled = true;

        /** Whether there are histograms of the cost of a publish and of the latency, sampled. */
        private boolean histograms;

        /** One message in how many is sampled for the histograms, from 1 up. */
        private int sampleEvery = 1024;

        /** How many names of receivers of a bus have meters of their own, from 0 up. */
        private int maxReceiverNames = 1000;

        /** Whether the names of older dashboards are there too. */
        private boolean legacyNames;

        /** Makes settings with their defaults. */
        public Metrics() {}

        /**
         * Says what {@code enabled} is.
         *
         * @return whether the buses are bound
         */
        public boolean isEnabled() {
            return enabled;
        }

        /**
         * Sets {@code enabled}.
         *
         * @param enabled whether the buses are bound
         */
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        /**
         * Says what {@code histograms} is.
         *
         * @return whether there are histograms
         */
        public boolean isHistograms() {
            return histograms;
        }

        /**
         * Sets {@code histograms}.
         *
         * @param histograms whether there are histograms
         */
        public void setHistograms(boolean histograms) {
            this.histograms = histograms;
        }

        /**
         * Says what {@code sampleEvery} is.
         *
         * @return one message in how many
         */
        public int getSampleEvery() {
            return sampleEvery;
        }

        /**
         * Sets {@code sampleEvery}.
         *
         * @param sampleEvery one message in how many
         * @throws IllegalArgumentException if it is less than 1
         */
        public void setSampleEvery(int sampleEvery) {
            if (sampleEvery < 1) {
                throw new IllegalArgumentException(
                        sampleEvery + ": allowed is a whole number from 1 up");
            }
            this.sampleEvery = sampleEvery;
        }

        /**
         * Says what {@code maxReceiverNames} is.
         *
         * @return how many names
         */
        public int getMaxReceiverNames() {
            return maxReceiverNames;
        }

        /**
         * Sets {@code maxReceiverNames}.
         *
         * @param maxReceiverNames how many names
         * @throws IllegalArgumentException if it is negative
         */
        public void setMaxReceiverNames(int maxReceiverNames) {
            if (maxReceiverNames < 0) {
                throw new IllegalArgumentException(
                        maxReceiverNames + ": allowed is a whole number from 0 up");
            }
            this.maxReceiverNames = maxReceiverNames;
        }

        /**
         * Says what {@code legacyNames} is.
         *
         * @return whether the names are there
         */
        public boolean isLegacyNames() {
            return legacyNames;
        }

        /**
         * Sets {@code legacyNames}.
         *
         * @param legacyNames whether the names are there
         */
        public void setLegacyNames(boolean legacyNames) {
            this.legacyNames = legacyNames;
        }
    }

    /** What counts as unhealthy. */
    public static class Health {
        /**
         * How long a lossless receiver may hold publishers up without taking a message before the
         * bus is down: more than zero.
         */
        private Duration stuckAfter = Duration.ofSeconds(30);

        /** Makes settings with their defaults. */
        public Health() {}

        /**
         * Says what {@code stuckAfter} is.
         *
         * @return the time a receiver has
         */
        public Duration getStuckAfter() {
            return stuckAfter;
        }

        /**
         * Sets {@code stuckAfter}.
         *
         * @param stuckAfter the time a receiver has
         * @throws IllegalArgumentException if it is zero or negative
         */
        public void setStuckAfter(Duration stuckAfter) {
            if (stuckAfter.isZero() || stuckAfter.isNegative()) {
                throw new IllegalArgumentException(
                        stuckAfter + ": allowed is a duration of more than zero");
            }
            this.stuckAfter = stuckAfter;
        }
    }

    /** How the buses are closed. */
    public static class Shutdown {
        /** Whether all buses of the context are closed before the web server waits for requests. */
        private boolean enabled = true;

        /** How long receivers are waited for once the buses are closed: from zero up. */
        private Duration drainTimeout = Duration.ofSeconds(1);

        /** Makes settings with their defaults. */
        public Shutdown() {}

        /**
         * Says what {@code enabled} is.
         *
         * @return whether the buses are closed early
         */
        public boolean isEnabled() {
            return enabled;
        }

        /**
         * Sets {@code enabled}.
         *
         * @param enabled whether the buses are closed early
         */
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        /**
         * Says what {@code drainTimeout} is.
         *
         * @return the time receivers have
         */
        public Duration getDrainTimeout() {
            return drainTimeout;
        }

        /**
         * Sets {@code drainTimeout}.
         *
         * @param drainTimeout the time receivers have
         * @throws IllegalArgumentException if it is negative
         */
        public void setDrainTimeout(Duration drainTimeout) {
            if (drainTimeout.isNegative()) {
                throw new IllegalArgumentException(
                        drainTimeout + ": allowed is a duration from zero up");
            }
            this.drainTimeout = drainTimeout;
        }
    }
}
