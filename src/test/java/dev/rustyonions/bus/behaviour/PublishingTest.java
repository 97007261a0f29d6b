package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Received;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.Sender;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Publishing one by one and as a list. */
class PublishingTest {

    @EachMode
    void publishTellsHowManyReceiversItCovered(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 4)) {
            assertThat(bus.publish("a")).isZero();
            Receiver<String> first = bus.subscribe();
            Receiver<String> second = bus.subscribe(String.class);
            assertThat(bus.publish("b")).isEqualTo(2);
            assertThat(bus.sender().publish("c")).isEqualTo(2);
            second.close();
            assertThat(bus.publish("d")).isEqualTo(1);
            first.close();
            assertThat(bus.publish("e")).isZero();
        }
    }

    @EachMode
    void publishSequencedTellsTheMessagesPlaceWithNobodySubscribedToo(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 2)) {
            for (int i = 0; i < 7; i++) {
                assertThat(bus.publishSequenced("a")).isEqualTo(i);
            }
            assertThat(bus.sender().publishSequenced("a")).isEqualTo(7);
        }
    }

    @EachMode
    void whatIsPublishedToNobodyIsThereForALaterReceiver(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 4)) {
            bus.publish("a");
            try (Receiver<String> rx = bus.subscribe(o -> o.oldest())) {
                assertThat(rx.recv()).isEqualTo(new Message<>(0, "a"));
            }
        }
    }

    @EachMode
    void receiversOfABusAreGivenTheSameMessageAndTheVeryEventPublished(Mode mode) {
        try (Bus<Object> bus = Buses.open(mode, 4);
                Receiver<Object> first = bus.subscribe();
                Receiver<Object> second = bus.subscribe()) {
            Object event = new Object();
            bus.publish(event);
            Message<Object> given = (Message<Object>) first.recv();
            assertThat(given.event()).isSameAs(event);
            assertThat(second.recv()).isSameAs(given);
        }
    }

    @EachMode
    void nullIsRefusedByNameOpenOrClosedAndNothingIsPublished(Mode mode) {
        Bus<String> bus = Buses.open(mode, 4);
        for (int open = 1; open >= 0; open--) {
            for (Sender<String> sender : List.of(bus, bus.sender())) {
                assertThatThrownBy(() -> sender.publish(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("event");
                assertThatThrownBy(() -> sender.publishSequenced(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("event");
                assertThatThrownBy(() -> sender.publishMany(null))
                        .isInstanceOf(NullPointerException.class);
                assertThatThrownBy(() -> sender.batch().add(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("event");
            }
            bus.close();
        }
        assertThat(bus.stats().published()).isZero();
    }

    @EachMode
    void aListWithANullIsRefusedWithItsIndexAndNoneOfItIsPublished(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 4);
                Receiver<String> rx = bus.subscribe()) {
            assertThatThrownBy(() -> bus.publishMany(Arrays.asList("a", "b", null)))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("events[2]");
            assertThat(bus.stats().published()).isZero();
            assertThat(rx.tryRecv()).isEqualTo(new Empty<String>());
        }
    }

    @EachMode
    void aListIsPublishedInItsOrderHoweverLong(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 1024);
                Receiver<Integer> rx = bus.subscribe()) {
            assertThat(bus.publishMany(List.of())).isZero();
            List<Integer> events = new ArrayList<>();
            List<Received<Integer>> due = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                events.add(i);
                due.add(new Message<>(i, i));
            }
            assertThat(bus.publishMany(events)).isEqualTo(1000);
            List<Received<Integer>> received = new ArrayList<>();
            rx.drain(2000, received::add);
            assertThat(received).isEqualTo(due);
        }
    }

    @EachMode
    void aListMutatedAfterwardsChangesNothing(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 4);
                Receiver<String> rx = bus.subscribe()) {
            List<String> events = new ArrayList<>(List.of("a", "b"));
            bus.publishMany(events);
            events.set(0, "x");
            events.clear();
            assertThat(rx.recv()).isEqualTo(new Message<>(0, "a"));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, "b"));
        }
    }

    @EachMode
    void aListIsReadOnceSoWhatWasCheckedIsWhatIsPublished(Mode mode) {
        try (Bus<String> bus = Buses.open(mode, 4);
                Receiver<String> rx = bus.subscribe()) {
            // Another thread that nulls an element between the check and the publication.
            List<String> turnsNull =
                    new AbstractList<>() {
                        private int reads;

                        @Override
                        public String get(int index) {
                            return reads++ < 2 ? "event" : null;
                        }

                        @Override
                        public int size() {
                            return 2;
                        }
                    };
            assertThat(bus.publishMany(turnsNull)).isEqualTo(2);
            assertThat(rx.recv()).isEqualTo(new Message<>(0, "event"));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, "event"));
        }
    }

    @EachModeAndThread
    void everyWayToPublishWakesAParkedReceiver(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            List<Runnable> ways =
                    List.of(
                            () -> bus.publish(0),
                            () -> bus.publishSequenced(1),
                            () -> bus.sender().publish(2),
                            () -> bus.publishMany(List.of(3)),
                            () -> {
                                var batch = bus.batch();
                                batch.add(4);
                                batch.flush();
                            },
                            () -> {
                                try (var batch = bus.batch()) {
                                    batch.add(5);
                                }
                            });
            for (int i = 0; i < ways.size(); i++) {
                Task<Received<Integer>> task = Task.start(kind, rx::recv).untilParked();
                ways.get(i).run();
                assertThat(task.result()).isEqualTo(new Message<>(i, i));
            }
        }
    }
}
