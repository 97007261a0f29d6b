package dev.rustyonions.bus.example.supervision;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Receiver;

/** Work that may fail. */
@FunctionalInterface
public interface Worker {
    /**
     * Works until it is told to stop: by an event, or by the end of the inbox.
     *
     * @param inbox what is published from the start of this worker on
     */
    void run(Receiver<Event> inbox) throws Exception;
}
