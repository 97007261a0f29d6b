package dev.rustyonions.bus.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;

/** Writes to the flight recorder when a connection is lost, and when it is there again. */
final class Outages implements ConnectionListener {
    private static final long NONE = Long.MIN_VALUE;

    private final String side;
    private final @Nullable String origin;

    /** When the connection was lost; the client repeats that for each attempt that fails. */
    private final AtomicLong lostAt = new AtomicLong(NONE);

    private Outages(String side, @Nullable String origin) {
        this.side = side;
        this.origin = origin;
    }

    /** Listens to a connection; remove it from there at the end. */
    static Outages of(Link link, String side, @Nullable String origin) {
        JfrGate.begun();
        Outages outages = new Outages(side, origin);
        link.connection().addConnectionListener(outages);
        return outages;
    }

    @Override
    @SuppressWarnings("deprecation") // the other one, with a time of day, leads here
    public void connectionEvent(Connection connection, Events event) {
        if (event == Events.DISCONNECTED) {
            if (lostAt.compareAndSet(NONE, System.nanoTime())) {
                JfrGate.disconnected(side, origin);
            }
        } else if (event == Events.RECONNECTED || event == Events.CONNECTED) {
            long since = lostAt.getAndSet(NONE);
            if (since != NONE) {
                JfrGate.reconnected(side, origin, System.nanoTime() - since);
            }
        }
    }

    void end(Link link) {
        link.connection().removeConnectionListener(this);
        JfrGate.ended();
    }
}
