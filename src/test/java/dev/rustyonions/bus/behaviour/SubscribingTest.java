package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Where a receiver starts, and options that are refused. */
class SubscribingTest {

    private static Bus<Integer> withSixPublished(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 4);
        bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
        return bus;
    }

    @EachMode
    void theStartDecidesWhatIsReceivedFirst(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            assertThat(bus.subscribe().tryRecv()).isEqualTo(new Empty<Integer>());
            assertThat(bus.subscribe(o -> {}).tryRecv()).isEqualTo(new Empty<Integer>());
            assertThat(bus.subscribe(SubscribeOptions::oldest).tryRecv())
                    .isEqualTo(new Message<>(2, 2));
            assertThat(bus.subscribe(o -> o.last(0)).tryRecv()).isEqualTo(new Empty<Integer>());
            assertThat(bus.subscribe(o -> o.last(1)).tryRecv()).isEqualTo(new Message<>(5, 5));
            assertThat(bus.subscribe(o -> o.last(4)).tryRecv()).isEqualTo(new Message<>(2, 2));
            assertThat(bus.subscribe(o -> o.last(Long.MAX_VALUE)).tryRecv())
                    .isEqualTo(new Message<>(2, 2));
            assertThat(bus.subscribe(o -> o.from(2)).tryRecv()).isEqualTo(new Message<>(2, 2));
            assertThat(bus.subscribe(o -> o.from(0)).tryRecv()).isEqualTo(new Lagged<>(0, 2));
            assertThat(bus.subscribe(o -> o.from(6)).tryRecv()).isEqualTo(new Empty<Integer>());
        }
    }

    @EachMode
    void aSequenceInTheFutureIsRefusedNamingItAndWhatIsAllowedAndNobodyIsCounted(Mode mode) {
        Bus<Integer> bus = withSixPublished(mode);
        for (long future : new long[] {7, 1000, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.from(future)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from(" + future + ")")
                    .hasMessageContaining("0 to 6");
        }
        assertThat(bus.publish(6)).isZero();
        bus.close();
        assertThatThrownBy(() -> bus.subscribe(o -> o.from(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 7");
    }

    @EachMode
    void negativeStartsAreRefusedNamingTheValue(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.from(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from(-1)");
            assertThatThrownBy(() -> bus.subscribe(o -> o.last(-3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("last(-3)")
                    .hasMessageContaining("0 and more");
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachMode
    void aSecondStartIsRefusedNamingBoth(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            List<Consumer<SubscribeOptions<Integer>>> first =
                    List.of(SubscribeOptions::oldest, o -> o.last(2), o -> o.from(3));
            for (Consumer<SubscribeOptions<Integer>> start : first) {
                assertThatThrownBy(
                                () ->
                                        bus.subscribe(
                                                o -> {
                                                    start.accept(o);
                                                    o.from(1);
                                                }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("from(1)")
                        .hasMessageMatching(".*(oldest\\(\\)|last\\(2\\)|from\\(3\\)).*");
            }
        }
    }

    @EachMode
    void aSecondFilterIsRefusedNamingTheRemedy(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.filter(e -> true).filter(e -> true)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Predicate.and");
        }
    }

    @EachMode
    void blankNamesAndNullsAreRefused(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.name(" ")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\" \"");
            assertThatThrownBy(() -> bus.subscribe(o -> o.name(null)))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> bus.subscribe(o -> o.filter(null)))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> bus.subscribe((Class<Integer>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> bus.subscribe((Consumer<SubscribeOptions<Integer>>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @EachMode
    void optionsThatThrowLeaveNobodySubscribed(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            assertThatThrownBy(
                            () ->
                                    bus.subscribe(
                                            o -> {
                                                throw new UnsupportedOperationException("mine");
                                            }))
                    .hasMessage("mine");
            assertThat(bus.publish(1)).isZero();
        }
    }

    @EachMode
    void theNameGivenIsTheReceiversName(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe(o -> o.name("audit"));
            assertThat(rx.name()).contains("audit");
            assertThat(rx.toString()).contains("[audit]");
            assertThat(bus.subscribe().name()).isEmpty();
        }
    }

    @EachMode
    void aTypeSubscribesToThatBranchAndTheRestCountsAsFiltered(Mode mode) {
        try (Bus<Event> bus = Buses.open(mode, 4);
                Receiver<Event.Health> rx = bus.subscribe(Event.Health.class)) {
            bus.publish(new Event.Shutdown());
            bus.publish(new Event.Health("db", true));
            bus.publish(new Event.ConfigUpdated(3));
            assertThat(rx.recv()).isEqualTo(new Message<>(1, new Event.Health("db", true)));
            assertThat(rx.tryRecv()).isEqualTo(new Empty<Event.Health>());
            assertThat(rx.delivered()).isEqualTo(1);
            assertThat(rx.filtered()).isEqualTo(2);
        }
    }

    @EachMode
    void aReceiversNameFollowsTheRuleOfABusesName(Mode mode) {
        String allowed =
                " is not 1 to 128 characters, not blank, without control characters, line"
                        + " separators or marks that turn the direction of text";
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Map<String, String> refused =
                    Map.of(
                            "client\n09:00:00 INFO all is well",
                            "\"client\\n09:00:00 INFO all is well\"",
                            "a\u001b[31m\u2028",
                            "\"a\\u001b[31m\\u2028\"",
                            "y".repeat(5_000_000),
                            "\"" + "y".repeat(64) + "\"... (5000000 characters)");
            refused.forEach(
                    (name, quoted) -> {
                        String message = "name(" + quoted + "): " + quoted + allowed;
                        assertThatThrownBy(() -> bus.subscribe(o -> o.name(name)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage(message);
                        assertThatThrownBy(() -> Bus.builder().name(name).build())
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage(message);
                    });
            assertThat(bus.subscribe(o -> o.name("z".repeat(128))).name())
                    .contains("z".repeat(128));
        }
    }

    @EachMode
    void aPrimitiveTypeIsRefusedWithTheTypeOfItsObjects(Mode mode) {
        Map<Class<?>, String> objects =
                Map.of(
                        int.class, "Integer.class",
                        long.class, "Long.class",
                        char.class, "Character.class",
                        boolean.class, "Boolean.class",
                        void.class, "Void.class");
        try (Bus<Object> bus = Buses.open(mode, 4)) {
            objects.forEach(
                    (type, wrapper) ->
                            assertThatThrownBy(() -> bus.subscribe(type))
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .hasMessage(
                                            "subscribe(%s.class): no event is of a primitive type;"
                                                    + " the class of its objects is %s",
                                            type, wrapper));
            assertThat(bus.publish(1)).isZero();
        }
    }
}
