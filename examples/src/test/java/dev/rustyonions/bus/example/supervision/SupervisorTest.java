package dev.rustyonions.bus.example.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Receiver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The guide's supervisor. Its workers run in its own thread here, so that each test knows what has
 * been published when it looks.
 */
@Timeout(60) // a hang is a failure
class SupervisorTest {
    private static final Executor IN_PLACE = Runnable::run;

    private final List<Integer> starts = new ArrayList<>();

    private static Bus<Event> bus(int capacity) {
        return Bus.builder().capacity(capacity).overflowWarnPerMinute(0).build();
    }

    /** Fails so many times, then closes the bus. */
    private Worker failing(Bus<Event> bus, int times) {
        return inbox -> {
            starts.add(starts.size());
            if (starts.size() <= times) {
                throw new IllegalStateException("planted");
            }
            bus.close();
        };
    }

    private static List<Event> drained(Receiver<Event> rx) {
        List<Event> events = new ArrayList<>();
        rx.consume(events::add, missed -> events.add(new Event.ConfigUpdated(missed)));
        return events;
    }

    @Test
    void aWorkerThatFailsIsStartedAnewAndTheNewsHasTheClassAndNotTheMessageOfWhatItThrew() {
        Bus<Event> bus = bus(16);
        Receiver<Event> all = bus.subscribe();
        new Supervisor(bus, IN_PLACE, Map.of("worker", failing(bus, 2))).supervise();
        Event up = new Event.Health("worker", true);
        Event down = new Event.ServiceCrashed("worker", "java.lang.IllegalStateException");
        assertThat(drained(all)).containsExactly(up, down, up, down, up);
        assertThat(bus.stats().receivers()).isZero();
    }

    @Test
    void aWorkerThatFailsAtEachStartIsGivenUpAfterTheFifth() {
        Bus<Event> bus = bus(64);
        Receiver<Event> all = bus.subscribe();
        Worker closing =
                inbox ->
                        inbox.consume(
                                event -> {
                                    if (event.equals(new Event.Health("worker", false))) {
                                        bus.close();
                                    }
                                },
                                missed -> {});
        Executor executor = Thread::startVirtualThread;
        Map<String, Worker> workers =
                Map.of("worker", failing(bus, Integer.MAX_VALUE), "closing", closing);
        new Supervisor(bus, executor, workers).supervise();
        assertThat(starts).hasSize(5);
        assertThat(drained(all)).contains(new Event.Health("worker", false));
    }

    @Test
    void aCrashWhoseNewsIsAmongWhatTheSupervisorMissedIsMadeUpFor() {
        Bus<Event> bus = bus(2);
        Executor flooding =
                task -> {
                    task.run();
                    bus.publish(new Event.ConfigUpdated(1));
                    bus.publish(new Event.ConfigUpdated(2));
                };
        new Supervisor(bus, flooding, Map.of("worker", failing(bus, 1))).supervise();
        assertThat(starts).hasSize(2);
    }

    @Test
    void aCrashThatIsToldBehindALagIsMadeUpForOnce() {
        Bus<Event> bus = bus(2);
        Executor flooding =
                task -> {
                    bus.publish(new Event.ConfigUpdated(1));
                    bus.publish(new Event.ConfigUpdated(2));
                    task.run(); // the window is its health and its crash
                    if (starts.size() == 2) {
                        bus.close();
                    }
                };
        Worker failsOnce =
                inbox -> {
                    starts.add(starts.size());
                    if (starts.size() == 1) {
                        throw new IllegalStateException("planted");
                    }
                };
        new Supervisor(bus, flooding, Map.of("worker", failsOnce)).supervise();
        assertThat(starts).hasSize(2);
    }

    @Test
    void aCrashOfAServiceThatIsNotItsOwnStartsNothing() {
        Bus<Event> bus = bus(16);
        Executor executor =
                task -> {
                    task.run();
                    bus.publish(new Event.ServiceCrashed("another", "unknown"));
                    bus.publish(new Event.ServiceCrashed("worker", "said by someone else"));
                    bus.close();
                };
        Worker worker = inbox -> starts.add(starts.size());
        new Supervisor(bus, executor, Map.of("worker", worker)).supervise();
        assertThat(starts).hasSize(1);
    }
}
