package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

/** The way to the flight recorder, open where the module {@code jdk.jfr} is there. */
final class JfrGate {
    /*
     * Not all run-time images have the recorder. The classes that refer to it are loaded only where
     * it is known to be there, hence the three classes: this one must be loadable without.
     */
    private static final boolean PRESENT = isPresent();

    private JfrGate() {}

    private static boolean isPresent() {
        try {
            Module recorder = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
            return recorder != null && JfrGate.class.getModule().canRead(recorder);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return false; // rather than a class that failed to initialise, for ever
        }
    }

    /** Whether there is a recorder to write for. */
    private static boolean isOpen() {
        return PRESENT && JfrArrival.isRegistered();
    }

    // An error of the recorder must not reach publishers and receivers, hence the catches.

    /** A bus was made. */
    static void busOpened() {
        if (PRESENT) {
            try {
                JfrArrival.opened();
            } catch (Throwable dropped) {
                // The bus works all the same.
            }
        }
    }

    /** A bus was closed. */
    static void busClosed() {
        if (PRESENT) {
            try {
                JfrArrival.closed();
            } catch (Throwable dropped) {
                // The bus is closed.
            }
        }
    }

    static void lagged(String bus, @Nullable String receiver, Lagged<?> lag) {
        if (isOpen()) {
            try {
                JfrEvents.lagged(bus, receiver, lag);
            } catch (Throwable dropped) {
                // The lag is told all the same.
            }
        }
    }

    static void woke(String bus, int enlisted) {
        if (isOpen()) {
            try {
                JfrEvents.woke(bus, enlisted);
            } catch (Throwable dropped) {
                // The message has been published and its receivers are being woken.
            }
        }
    }

    static void failed(String bus, @Nullable String receiver, Class<? extends Throwable> failure) {
        if (isOpen()) {
            try {
                JfrEvents.failed(bus, receiver, failure);
            } catch (Throwable dropped) {
                // What the handler threw is thrown on all the same.
            }
        }
    }

    static void waited(String bus, @Nullable String receiver, long nanos) {
        if (isOpen()) {
            try {
                JfrEvents.waited(bus, receiver, nanos);
            } catch (Throwable dropped) {
                // The wait is over all the same.
            }
        }
    }

    static void patienceOver(String bus, @Nullable String receiver, long nanos) {
        if (isOpen()) {
            try {
                JfrEvents.patienceOver(bus, receiver, nanos);
            } catch (Throwable dropped) {
                // Publishers wait for the receiver no more all the same.
            }
        }
    }

    static void closed(String bus, long published, int receivers) {
        if (isOpen()) {
            try {
                JfrEvents.closed(bus, published, receivers);
            } catch (Throwable dropped) {
                // The bus is closed.
            }
        }
    }

    /** Whether a recording is running with the sampled events enabled. */
    static boolean wantsSamples() {
        try {
            return isOpen() && JfrEvents.wantsSamples();
        } catch (Throwable e) {
            return false;
        }
    }

    /** The observer to register while {@link #wantsSamples}. */
    static BusObserver observer(String bus) {
        return new JfrEvents.Samples(bus);
    }
}
