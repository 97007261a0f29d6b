package dev.rustyonions.bus.nats;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for the JVM to make its flight recorder, which it does before the first recording starts,
 * and registers the events then. So an export or import does not make it, which takes long.
 */
final class JfrArrival implements FlightRecorderListener {
    // One for the JVM, as the recorder is, and there only while an export or import is.
    private static final JfrArrival LISTENER = new JfrArrival();

    private final AtomicInteger links = new AtomicInteger();
    private volatile boolean registered;

    private JfrArrival() {}

    /** Whether there is a recorder, and the events are registered. */
    static boolean isRegistered() {
        return LISTENER.registered;
    }

    /** An export or import begins. Registers the events at once if there is a recorder. */
    static void begun() {
        if (LISTENER.links.getAndIncrement() == 0) {
            FlightRecorder.addListener(LISTENER);
        }
    }

    static void ended() {
        if (LISTENER.links.decrementAndGet() == 0) {
            FlightRecorder.removeListener(LISTENER);
        }
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        JfrEvents.register();
        registered = true;
    }
}
