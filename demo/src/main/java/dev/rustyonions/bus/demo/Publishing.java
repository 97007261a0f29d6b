package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Message;

import java.util.function.Consumer;

/** How all publishers of the demo publish, and who is told of what they have. */
final class Publishing {
    private volatile boolean waits;
    private volatile Consumer<Message<Event>> told = message -> {};

    /** Whether publishers wait for lossless receivers. */
    boolean waits() {
        return waits;
    }

    void setWaits(boolean waits) {
        this.waits = waits;
    }

    /** Has someone told of each event that is published by itself, which the load is not. */
    void tell(Consumer<Message<Event>> to) {
        told = to;
    }

    void published(long sequence, Event event) {
        told.accept(new Message<>(sequence, event));
    }
}
