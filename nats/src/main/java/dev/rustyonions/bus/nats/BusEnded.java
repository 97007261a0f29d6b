package dev.rustyonions.bus.nats;

import java.io.Serial;

/** The bus of an import takes nothing any more, so the import ends in the midst of a message. */
final class BusEnded extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    BusEnded() {
        super("the bus of the import takes nothing any more", null, false, false);
    }
}
