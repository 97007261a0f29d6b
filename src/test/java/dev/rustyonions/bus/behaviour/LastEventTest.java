package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An event published before the close can tell its cause: receivers that lag get it too. */
class LastEventTest {
    private static final Event LAST = new Event.Shutdown();

    @EachMode
    void aReceiverThatLagsGetsTheEventPublishedBeforeTheClose(Mode mode) {
        assertThat(lastSeen(Buses.open(mode, 4), 100, 0, o -> {})).isEqualTo(LAST);
    }

    @EachMode
    void soDoesOneThatGoesOnWithTheNewestAfterALag(Mode mode) {
        assertThat(lastSeen(Buses.open(mode, 4), 100, 0, o -> o.latestOnLag())).isEqualTo(LAST);
    }

    @EachMode
    void soDoesOneThatWantsTheNewestOfEachKey(Mode mode) {
        assertThat(lastSeen(Buses.open(mode, 4), 100, 0, o -> o.conflateBy(Object::getClass)))
                .isEqualTo(LAST);
    }

    @EachMode
    void soDoesOneOfABusWithAmnesia(Mode mode) {
        assertThat(lastSeen(Buses.withAmnesia(mode, 4), 100, 0, o -> {})).isEqualTo(LAST);
    }

    @EachMode
    void aWindowOfOtherEventsBeforeTheClosePushesItOutAndOneLessDoesNot(Mode mode) {
        assertThat(seen(Buses.open(mode, 4), 100, 3, o -> {})).contains(LAST);
        assertThat(seen(Buses.open(mode, 4), 100, 4, o -> {})).doesNotContain(LAST);
    }

    private static Event lastSeen(
            Bus<Event> bus, int before, int after, Consumer<SubscribeOptions<Event>> options) {
        return seen(bus, before, after, options).getLast();
    }

    /** What a receiver gets that reads nothing before the bus is closed. */
    private static List<Event> seen(
            Bus<Event> bus, int before, int after, Consumer<SubscribeOptions<Event>> options) {
        Receiver<Event> rx = bus.subscribe(options);
        for (int i = 0; i < before; i++) {
            bus.publish(new Event.ConfigUpdated(i));
        }
        bus.publish(LAST);
        for (int i = 0; i < after; i++) {
            bus.publish(new Event.ConfigUpdated(before + i));
        }
        bus.close();
        List<Event> seen = new ArrayList<>();
        assertThat(rx.consume(seen::add, missed -> {})).isEqualTo(Reason.BUS_CLOSED);
        assertThat(rx.missed()).isPositive();
        return seen;
    }
}
