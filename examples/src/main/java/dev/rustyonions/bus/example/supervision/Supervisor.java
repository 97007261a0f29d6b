package dev.rustyonions.bus.example.supervision;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Receiver;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Starts workers, and starts each anew when it has failed, a number of times at most. */
public final class Supervisor {
    private static final int STARTS = 5;

    private final Bus<Event> bus;
    private final Executor executor;
    private final Map<String, Worker> workers;
    private final Receiver<Event.ServiceCrashed> crashes;
    private final Map<String, Integer> starts = new HashMap<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();

    /** Subscribes; nothing is started yet. */
    public Supervisor(Bus<Event> bus, Executor executor, Map<String, Worker> workers) {
        this.bus = bus;
        this.executor = executor;
        this.workers = Map.copyOf(workers);
        this.crashes = bus.subscribe(Event.ServiceCrashed.class); // before the first can crash
        down.addAll(this.workers.keySet());
    }

    /** Starts the workers and watches them. For one thread: returns when the bus is closed. */
    public void supervise() {
        try (crashes) {
            startThoseThatAreDown();
            crashes.consume(crash -> start(crash.service()), missed -> startThoseThatAreDown());
        }
    }

    /** After a lag too: the news of a crash may be among what was missed. */
    private void startThoseThatAreDown() {
        Set.copyOf(down).forEach(this::start);
    }

    private void start(String name) {
        Worker worker = workers.get(name);
        if (worker == null || !down.remove(name)) {
            return; // not one of these, or started already
        }
        if (starts.merge(name, 1, Integer::sum) > STARTS) {
            bus.publish(new Event.Health(name, false));
            return;
        }
        Receiver<Event> inbox = bus.subscribe(); // before its task gets to run
        executor.execute(() -> run(name, worker, inbox));
    }

    private void run(String name, Worker worker, Receiver<Event> inbox) {
        try (inbox) {
            bus.publish(new Event.Health(name, true));
            worker.run(inbox);
        } catch (Throwable e) {
            down.add(name); // before it is told: whoever misses the news finds the name here
            bus.publish(new Event.ServiceCrashed(name, e.getClass().getName()));
        }
    }
}
