package dev.rustyonions.bus.example.supervision;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Supervised workers on an executor, and their ordered shutdown. */
public final class SupervisedService implements AutoCloseable {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Bus<Event> bus = Bus.create(256);
    private final Duration grace;

    /**
     * Starts the workers.
     *
     * @param grace how long a worker may take to stop before it is interrupted
     */
    public SupervisedService(Map<String, Worker> workers, Duration grace) {
        this.grace = grace;
        executor.execute(new Supervisor(bus, executor, workers)::supervise);
    }

    /** What the workers publish to. */
    public Bus<Event> bus() {
        return bus;
    }

    /** Tells everyone to stop, and returns when everyone has. */
    @Override
    public void close() {
        bus.publish(new Event.Shutdown());
        bus.close(); // first: the executor waits for those who wait for the bus
        if (!bus.awaitIdle(grace)) {
            executor.shutdownNow(); // frees those blocked elsewhere than in the bus
        }
        executor.close();
    }
}
