package dev.rustyonions.bus;

import java.util.Objects;

/**
 * A ready hierarchy of events for service supervision. A bus carries any type; this one serves
 * where it fits.
 *
 * <p>Events are handed to every receiver by reference and stay in memory while they are in the
 * bus's window: they must be immutable and must not carry secrets or personal data. Their {@code
 * toString} shows the kind of event only, since payloads do not belong in logs.
 */
public sealed interface Event {

    /**
     * A service reports whether it is well.
     *
     * @param service the service's name
     * @param ok whether it is well
     */
    record Health(String service, boolean ok) implements Event {
        /**
         * Makes the event.
         *
         * @throws NullPointerException if {@code service} is null
         */
        public Health {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String toString() {
            return "Health";
        }
    }

    /**
     * A new configuration is in force.
     *
     * @param version its version; the scale is the user's
     */
    record ConfigUpdated(long version) implements Event {
        @Override
        public String toString() {
            return "ConfigUpdated";
        }
    }

    /**
     * A service has crashed.
     *
     * @param service the service's name
     * @param reason what its supervisor knows of the cause
     */
    record ServiceCrashed(String service, String reason) implements Event {
        /**
         * Makes the event.
         *
         * @throws NullPointerException if {@code service} or {@code reason} is null
         */
        public ServiceCrashed {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String toString() {
            return "ServiceCrashed";
        }
    }

    /** Everyone is to stop. */
    record Shutdown() implements Event {
        @Override
        public String toString() {
            return "Shutdown";
        }
    }
}
