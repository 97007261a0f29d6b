package dev.rustyonions.bus.bench.peer;

import java.util.List;

/**
 * A system that broadcasts ticks: the bus in one of its modes, or another library. Subscribe first,
 * then publish, then end.
 */
public interface Peer {
    /** What a publish does when a receiver has not kept up. */
    String whenFull();

    /** Adds a receiver; its thread is to run the feed. */
    Feed subscribe();

    /**
     * Returns when all feeds are ready to be published to; called after their threads were started.
     */
    default void awaitReady() throws InterruptedException {}

    /** Publishes a tick. Any of the producers' threads. */
    void publish(Tick tick);

    /** Publishes ticks together, where the system has a way to. */
    default void publishAll(List<Tick> ticks) {
        for (Tick tick : ticks) {
            publish(tick);
        }
    }

    /**
     * Ends the stream: every feed returns once it has what was published. Called once, after the
     * last publish.
     */
    void end();

    /**
     * The losses that the system itself has counted, over all receivers; -1 if it does not count.
     */
    default long counted() {
        return -1;
    }

    /** Publishes that had to wait for a receiver. */
    default long waits() {
        return 0;
    }
}
