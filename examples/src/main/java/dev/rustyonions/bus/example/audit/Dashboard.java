package dev.rustyonions.bus.example.audit;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Shows the newest change of each account, and may lose some. */
public final class Dashboard {
    private final Receiver<Change> rx;
    private final Map<String, Change> shown = new ConcurrentHashMap<>();

    public Dashboard(Bus<Change> bus) {
        rx = bus.subscribe(o -> o.name("dashboard"));
    }

    /** For a thread of its own: returns when the bus is closed. */
    public void follow() {
        try (rx) {
            rx.consume(change -> shown.put(change.account(), change), missed -> shown.clear());
        }
    }

    /** What is known since the last loss. */
    public Map<String, Change> shown() {
        return Map.copyOf(shown);
    }

    /** How many changes it has been given, and how many it has missed. */
    public long accounted() {
        return rx.delivered() + rx.missed();
    }
}
