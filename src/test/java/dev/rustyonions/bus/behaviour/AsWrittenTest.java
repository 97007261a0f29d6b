package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The forms that users write, as they write them. */
class AsWrittenTest {

    @EachMode
    void aVirtualThreadStartedOnRecvReceives(Mode mode) throws Exception {
        try (Bus<Event> bus = Buses.open(mode, 4)) {
            Receiver<Event> rx = bus.subscribe();
            Thread thread = Thread.ofVirtual().start(() -> rx.recv());
            bus.publish(new Event.Shutdown());
            assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
            assertThat(rx.delivered()).isEqualTo(1);
        }
    }

    @EachMode
    void anExecutorThatIsSubmittedRecvGivesWhatWasReceived(Mode mode) throws Exception {
        try (Bus<Event> bus = Buses.open(mode, 4);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Receiver<Event> rx = bus.subscribe();
            Future<Received<Event>> received = executor.submit(rx::recv);
            bus.publish(new Event.ConfigUpdated(3));
            assertThat(received.get(60, TimeUnit.SECONDS))
                    .isEqualTo(new Message<>(0, new Event.ConfigUpdated(3)));
        }
    }

    @EachMode
    void aSwitchOfThreeArmsIsExhaustive(Mode mode) {
        Bus<Event> bus = Buses.open(mode, 2);
        Receiver<Event> rx = bus.subscribe();
        for (int version = 0; version < 3; version++) {
            bus.publish(new Event.ConfigUpdated(version));
        }
        bus.close();
        assertThat(told(rx))
                .containsExactly("missed 1 from 0", "1: version 1", "2: version 2", "BUS_CLOSED");
    }

    private static List<String> told(Receiver<Event> rx) {
        List<String> told = new ArrayList<>();
        while (true) {
            switch (rx.recv()) {
                case Message<Event>(long sequence, Event event) ->
                        told.add(sequence + ": version " + ((Event.ConfigUpdated) event).version());
                case Lagged<Event>(long from, long missed) ->
                        told.add("missed " + missed + " from " + from);
                case Closed<Event>(Reason reason) -> {
                    told.add(reason.name());
                    return told;
                }
            }
        }
    }
}
