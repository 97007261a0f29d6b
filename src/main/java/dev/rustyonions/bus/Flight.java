package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

/** The way to the flight recorder, open where the module {@code jdk.jfr} is there. */
final class Flight {
    /*
     * Not all run-time images have the recorder. The classes that refer to it are loaded only where
     * it is known to be there, hence the two classes: this one must be loadable without.
     */
    private static final boolean PRESENT =
            ModuleLayer.boot()
                    .findModule("jdk.jfr")
                    .filter(recorder -> Flight.class.getModule().canRead(recorder))
                    .isPresent();

    private Flight() {}

    static void lagged(String bus, @Nullable String receiver, Lagged<?> lag) {
        if (PRESENT) {
            FlightEvents.lagged(bus, receiver, lag);
        }
    }

    /** Throws nothing: the message has been published and its receivers are being woken. */
    static void woke(String bus, int enlisted) {
        if (PRESENT) {
            try {
                FlightEvents.woke(bus, enlisted);
            } catch (Throwable dropped) {
                // The recorder ran out of something; the publisher has done its work.
            }
        }
    }

    static void closed(String bus, long published, int receivers) {
        if (PRESENT) {
            FlightEvents.closed(bus, published, receivers);
        }
    }

    /** Whether a recording is running with the sampled events enabled. */
    static boolean wantsSamples() {
        return PRESENT && FlightEvents.wantsSamples();
    }

    /** The observer to register while {@link #wantsSamples}. */
    static BusObserver observer(String bus) {
        return new FlightEvents.Samples(bus);
    }
}
