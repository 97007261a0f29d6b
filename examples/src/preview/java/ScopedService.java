import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.example.supervision.Supervisor;
import dev.rustyonions.bus.example.supervision.Worker;

import java.util.Map;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.atomic.AtomicInteger;

/** Supervised workers as the subtasks of a scope, which JDK 25 has as a preview. */
final class ScopedService {
    /** Returns when the bus is closed and every worker has stopped. */
    static void serve(Bus<Event> bus, Map<String, Worker> workers) throws InterruptedException {
        try (var scope = StructuredTaskScope.open(Joiner.<Void>awaitAll())) {
            try (bus) { // closed before the join, which waits for those who wait for the bus
                new Supervisor(bus, task -> scope.fork(task), workers).supervise();
            }
            scope.join();
        }
    }

    /** One worker that fails at its first start and ends the service at its second. */
    public static void main(String[] args) throws InterruptedException {
        Bus<Event> bus = Bus.create(256);
        AtomicInteger starts = new AtomicInteger();
        AtomicInteger stopped = new AtomicInteger();
        Worker failing =
                inbox -> {
                    if (starts.incrementAndGet() == 1) {
                        throw new IllegalStateException("as planned");
                    }
                    bus.publish(new Event.Shutdown());
                    bus.close();
                };
        Worker steady =
                inbox ->
                        inbox.consume(
                                event -> {
                                    if (event instanceof Event.Shutdown) {
                                        stopped.incrementAndGet();
                                    }
                                },
                                missed -> {});
        serve(bus, Map.of("failing", failing, "steady", steady, "another", steady));
        System.out.println(starts + " starts, " + stopped + " told to stop");
        System.out.println(bus.stats().receivers() + " receivers left");
    }
}
