package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;

import java.util.List;
import java.util.Locale;

/**
 * Where an event comes from: one of the four real sources, or the synthetic load.
 *
 * <p>The load is health of a service of its own name, so that it cannot stand in for a real source.
 */
enum Kind {
    HEALTH,
    CONFIG,
    CRASH,
    SHUTDOWN,
    LOAD;

    /** The service that the synthetic load reports on, which nothing real does. */
    static final String LOAD_SERVICE = "synthetic";

    /** The kinds that have a real source. */
    static final List<Kind> REAL = List.of(HEALTH, CONFIG, CRASH, SHUTDOWN);

    static Kind of(Event event) {
        return switch (event) {
            case Event.Health health when health.service().equals(LOAD_SERVICE) -> LOAD;
            case Event.Health health -> HEALTH;
            case Event.ConfigUpdated updated -> CONFIG;
            case Event.ServiceCrashed crashed -> CRASH;
            case Event.Shutdown shutdown -> SHUTDOWN;
        };
    }

    /** The name as the account writes it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
