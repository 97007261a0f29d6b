package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

/** The way to the flight recorder, open where the module {@code jdk.jfr} is there. */
final class JfrGate {
    /*
     * Not all run-time images have the recorder. The classes that refer to it are loaded only where
     * it is known to be there, hence the two classes: this one must be loadable without.
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

    // An error of the recorder must not reach publishers and receivers, hence the catches.

    static void lagged(String bus, @Nullable String receiver, Lagged<?> lag) {
        if (PRESENT) {
            try {
                JfrEvents.lagged(bus, receiver, lag);
            } catch (Throwable dropped) {
                // The lag is told all the same.
            }
        }
    }

    static void woke(String bus, int enlisted) {
        if (PRESENT) {
            try {
                JfrEvents.woke(bus, enlisted);
            } catch (Throwable dropped) {
                // The message has been published and its receivers are being woken.
            }
        }
    }

    static void failed(String bus, @Nullable String receiver, Class<? extends Throwable> failure) {
        if (PRESENT) {
            try {
                JfrEvents.failed(bus, receiver, failure);
            } catch (Throwable dropped) {
                // What the handler threw is thrown on all the same.
            }
        }
    }

    static void waited(String bus, @Nullable String receiver, long nanos) {
        if (PRESENT) {
            try {
                JfrEvents.waited(bus, receiver, nanos);
            } catch (Throwable dropped) {
                // The wait is over all the same.
            }
        }
    }

    static void patienceOver(String bus, @Nullable String receiver, long nanos) {
        if (PRESENT) {
            try {
                JfrEvents.patienceOver(bus, receiver, nanos);
            } catch (Throwable dropped) {
                // Publishers wait for the receiver no more all the same.
            }
        }
    }

    static void closed(String bus, long published, int receivers) {
        if (PRESENT) {
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
            return PRESENT && JfrEvents.wantsSamples();
        } catch (Throwable e) {
            return false;
        }
    }

    /** The observer to register while {@link #wantsSamples}. */
    static BusObserver observer(String bus) {
        return new JfrEvents.Samples(bus);
    }
}
