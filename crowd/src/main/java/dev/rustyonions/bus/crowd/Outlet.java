package dev.rustyonions.bus.crowd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A server of one feed of server-sent events: all clients get all events, and those that ask for
 * {@code /events?long} get them in a long form.
 */
interface Outlet extends AutoCloseable {
    /** Connections that wait to be accepted, as many as Linux allows unless told otherwise. */
    int BACKLOG = 4096;

    /** The first that a client is sent. */
    String OPENING = "retry: 1000\n\n";

    /**
     * Starts the outlet of that name.
     *
     * @param capacity events that a client may be behind
     */
    static Outlet start(String name, int capacity) throws IOException {
        return switch (name) {
            case "feed" -> new FeedOutlet(capacity);
            case "loop" -> new LoopOutlet();
            case "reactor" -> new ReactorOutlet(capacity);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port();

    /** Publishes an event; returns when the outlet lets go of the publisher. */
    void publish(Event event);

    /** How many clients are served, as the outlet sees. */
    int clients();

    /** Ends the streams of all clients after the last event. */
    void end();

    @Override
    void close();
}
