package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * The way to the library's log. What a logger throws is dropped, wherever the library logs: neither
 * the building of a bus nor a publish or receive may fail because a log does.
 */
final class BusLog {
    /** The logger of the library, looked up at the first line, so that creating a bus does not. */
    static final Supplier<System.Logger> LIBRARY = () -> Holder.LOGGER;

    private BusLog() {}

    /** Writes a line. */
    static void write(Supplier<System.Logger> logger, Level level, String line) {
        write(logger, level, line, null);
    }

    /** Writes a line and, if there is one, the stack trace of what was thrown. */
    static void write(
            Supplier<System.Logger> logger, Level level, String line, @Nullable Throwable thrown) {
        try {
            if (thrown == null) {
                logger.get().log(level, line);
            } else {
                logger.get().log(level, line, thrown);
            }
        } catch (Throwable dropped) {
            // Who logs has something else to do, which goes on.
        }
    }

    private static final class Holder {
        static final System.Logger LOGGER = System.getLogger("dev.rustyonions.bus");
    }
}
