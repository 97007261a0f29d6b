package dev.rustyonions.bus;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for the JVM to make its flight recorder, and registers the events then.
 *
 * <p>Most programs never record. To make the recorder takes the JVM longer than all else that the
 * first bus of a program needs, so a bus does not make it. The JVM does before the first recording
 * starts, whoever starts it, and tells its listeners first.
 */
final class JfrArrival implements FlightRecorderListener {
    /*
     * The recorder is one for the JVM, so this state is too. The listener keeps this class, and
     * whatever loaded it, from being unloaded. So it is there only while a bus is open. A bus that
     * is made while the last one is closed may add it before it is removed: it is there twice then,
     * and one is removed.
     */
    private static final JfrArrival LISTENER = new JfrArrival();

    private final AtomicInteger buses = new AtomicInteger();
    private volatile boolean registered;

    private JfrArrival() {}

    /** Whether there is a recorder, and the events are registered. */
    static boolean isRegistered() {
        return LISTENER.registered;
    }

    /** A bus was made. Registers the events at once if there is a recorder. */
    static void opened() {
        if (LISTENER.buses.getAndIncrement() == 0) {
            FlightRecorder.addListener(LISTENER);
        }
    }

    static void closed() {
        if (LISTENER.buses.decrementAndGet() == 0) {
            FlightRecorder.removeListener(LISTENER);
        }
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        JfrEvents.register();
        registered = true;
    }
}
