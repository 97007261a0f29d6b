package dev.rustyonions.bus.nats;

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
        Module recorder = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
        return recorder != null && JfrGate.class.getModule().canRead(recorder);
    }

    /** Whether there is a recorder to write for. */
    private static boolean isOpen() {
        return PRESENT && JfrArrival.isRegistered();
    }

    // An error of the recorder must not end an export or an import, hence the catches.

    /** An export or import begins. */
    static void begun() {
        if (PRESENT) {
            try {
                JfrArrival.begun();
            } catch (Throwable dropped) {
                // What happens is told by other means all the same.
            }
        }
    }

    /** An export or import has ended. */
    static void ended() {
        if (PRESENT) {
            try {
                JfrArrival.ended();
            } catch (Throwable dropped) {
                // It has ended all the same.
            }
        }
    }

    /** Something has come, or not, from another process. */
    static void told(Remote<?> remote) {
        if (isOpen()) {
            try {
                JfrEvents.told(remote);
            } catch (Throwable dropped) {
                // It is on the bus all the same.
            }
        }
    }

    static void disconnected(String side, @Nullable String origin) {
        if (isOpen()) {
            try {
                JfrEvents.disconnected(side, origin);
            } catch (Throwable dropped) {
                // The client connects again all the same.
            }
        }
    }

    static void reconnected(String side, @Nullable String origin, long nanos) {
        if (isOpen()) {
            try {
                JfrEvents.reconnected(side, origin, nanos);
            } catch (Throwable dropped) {
                // The connection is there again all the same.
            }
        }
    }
}
