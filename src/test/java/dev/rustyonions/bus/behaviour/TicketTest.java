package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Closed;
import dev.rustyonions.bus.Empty;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A receiver's position, and going on from one, on the same bus and on another. */
@SuppressWarnings("try") // what is closed here is closed again at the end of its block
class TicketTest {
    private static final UUID ANOTHER = new UUID(1, 2);

    private static Bus<Integer> withSixPublished(Mode mode) {
        Bus<Integer> bus = Buses.open(mode, 4);
        bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
        return bus;
    }

    @Test
    void eachBusHasAnIdentifierOfItsOwnWhoeverAsksFirst() throws Exception {
        Set<UUID> all = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 50; i++) {
                try (Bus<Integer> bus = Bus.create(2)) {
                    Set<UUID> ofOne = new HashSet<>();
                    List<Callable<UUID>> asking = new ArrayList<>();
                    for (int j = 0; j < 8; j++) {
                        asking.add(bus::id);
                    }
                    for (Future<UUID> told : threads.invokeAll(asking)) {
                        ofOne.add(told.get());
                    }
                    assertThat(ofOne).containsExactly(bus.id());
                    all.addAll(ofOne);
                }
            }
        }
        assertThat(all).hasSize(50);
    }

    @EachMode
    void aTicketOfTheSameBusGoesOnThereAndWhatIsGoneIsToldAsMissed(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            Receiver<Integer> next = bus.subscribe(o -> o.resume(bus.id(), 6));
            Receiver<Integer> within = bus.subscribe(o -> o.resume(bus.id(), 3));
            Receiver<Integer> below = bus.subscribe(o -> o.resume(bus.id(), 1));
            Receiver<Integer> lossless = bus.subscribe(o -> o.resume(bus.id(), 1).lossless());
            assertThat(next.tryRecv()).isEqualTo(new Empty<Integer>());
            assertThat(within.tryRecv()).isEqualTo(new Message<>(3, 3));
            assertThat(below.tryRecv()).isEqualTo(new Lagged<>(1, 1));
            assertThat(below.tryRecv()).isEqualTo(new Message<>(2, 2));
            assertThat(lossless.tryRecv()).isEqualTo(new Lagged<>(1, 1));
            assertThat(List.of(next, within, below, lossless)).allMatch(Receiver::isResumed);
            assertThat(bus.stats().missed()).as("nobody was slow").isZero();
        }
    }

    @EachMode
    void aTicketOfAnotherBusGetsAllOfThisOneAndIsToldSo(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode);
                Bus<Integer> empty = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe(o -> o.resume(ANOTHER, 3));
            assertThat(rx.isResumed()).isFalse();
            assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(0, 2));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(2, 2));
            Receiver<Integer> first = empty.subscribe(o -> o.resume(ANOTHER, 0));
            assertThat(first.isResumed()).isFalse();
            assertThat(first.tryRecv()).isEqualTo(new Empty<Integer>());
        }
    }

    @EachMode
    void aTicketOfAnotherBusStartsWhereTheOptionsBeforeItSay(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            Receiver<Integer> oldest = bus.subscribe(o -> o.oldest().resume(ANOTHER, 3));
            Receiver<Integer> last = bus.subscribe(o -> o.last(1).resume(bus.id(), 99));
            Receiver<Integer> own = bus.subscribe(o -> o.oldest().resume(bus.id(), 4));
            assertThat(List.of(oldest, last)).noneMatch(Receiver::isResumed);
            assertThat(own.isResumed()).isTrue();
            assertThat(oldest.tryRecv()).isEqualTo(new Message<>(2, 2));
            assertThat(last.tryRecv()).isEqualTo(new Message<>(5, 5));
            assertThat(own.tryRecv()).isEqualTo(new Message<>(4, 4));
        }
    }

    @EachMode
    void aSequenceThatThisBusHasNotGivenYetIsNoTicketOfItsAndIsNotRefused(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            for (long made : new long[] {7, Long.MAX_VALUE}) {
                Receiver<Integer> rx = bus.subscribe(o -> o.resume(bus.id(), made));
                assertThat(rx.isResumed()).isFalse();
                assertThat(rx.position()).isZero();
                Receiver<Integer> lossless =
                        bus.subscribe(o -> o.resume(bus.id(), made).lossless());
                assertThat(lossless.isResumed()).isFalse();
            }
        }
    }

    @EachMode
    void aClosedBusIsGoneThroughFromTheTicketToItsEnd(Mode mode) {
        Bus<Integer> bus = withSixPublished(mode);
        bus.close();
        Receiver<Integer> rx = bus.subscribe(o -> o.resume(bus.id(), 5));
        assertThat(rx.isClosed()).isFalse();
        assertThat(rx.tryRecv()).isEqualTo(new Message<>(5, 5));
        assertThat(rx.tryRecv()).isEqualTo(new Closed<>(Reason.BUS_CLOSED));
        assertThat(rx.isClosed()).isTrue();
        assertThat(rx.position()).isEqualTo(6);
    }

    @EachMode
    void aReceiverThatIsNotResumedSaysSo(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            assertThat(bus.subscribe().isResumed()).isFalse();
            assertThat(bus.subscribe(o -> o.from(3)).isResumed()).isFalse();
        }
    }

    @EachMode
    void aNegativeSequenceASecondStartAndNoBusAreRefused(Mode mode) {
        try (Bus<Integer> bus = withSixPublished(mode)) {
            assertThatThrownBy(() -> bus.subscribe(o -> o.resume(ANOTHER, -1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("resume(" + ANOTHER + ", -1): sequences start at 0");
            String given = "resume(" + ANOTHER + ", 1)";
            assertThatThrownBy(() -> bus.subscribe(o -> o.resume(ANOTHER, 1).resume(ANOTHER, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(given + ": the start has been given as " + given);
            assertThatThrownBy(() -> bus.subscribe(o -> o.resume(ANOTHER, 1).oldest()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("oldest(): the start has been given as " + given);
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    // ---- position ----

    @EachMode
    void thePositionIsOneAboveTheLastMessageGivenAndALagIsNotPassedOverBeforeItIsTold(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            Receiver<Integer> rx = bus.subscribe();
            assertThat(rx.position()).isZero();
            bus.publishMany(List.of(0, 1, 2, 3, 4, 5));
            assertThat(rx.position()).as("nothing has been told yet").isZero();
            assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(0, 2));
            assertThat(rx.position()).as("with a message in hand").isEqualTo(2);
            rx.tryRecv();
            assertThat(rx.position()).isEqualTo(3);
            rx.drain(2, received -> {});
            assertThat(rx.position()).isEqualTo(5);
            rx.tryRecv();
            rx.tryRecv();
            assertThat(rx.position()).isEqualTo(6);
        }
    }

    /** Ends a receiver in each way there is; it has still to read what was published. */
    private static List<Consumer<Receiver<Integer>>> waysToEnd(Bus<Integer> bus) {
        return List.of(Receiver::close, rx -> bus.evict(rx.id()));
    }

    @EachMode
    void anEndedReceiverKeepsItsPositionAndGoingOnThereRepeatsAndLeavesOutNothing(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 8)) {
            for (Consumer<Receiver<Integer>> end : waysToEnd(bus)) {
                for (Consumer<SubscribeOptions<Integer>> kind :
                        List.<Consumer<SubscribeOptions<Integer>>>of(
                                o -> {}, SubscribeOptions::lossless)) {
                    Receiver<Integer> rx = bus.subscribe(kind);
                    long first = bus.publishSequenced(1);
                    bus.publish(2);
                    assertThat(rx.tryRecv()).isEqualTo(new Message<>(first, 1));
                    assertThat(rx.isClosed()).isFalse();
                    end.accept(rx);
                    assertThat(rx.isClosed()).isTrue();
                    assertThat(rx.position()).isEqualTo(first + 1);
                    Receiver<Integer> on = bus.subscribe(o -> o.resume(bus.id(), rx.position()));
                    assertThat(on.tryRecv()).isEqualTo(new Message<>(first + 1, 2));
                }
            }
        }
    }

    @EachMode
    void aReceiverThatEndsWithAMessageInHandIsStillOwedIt(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 4)) {
            for (Consumer<Receiver<Integer>> end : waysToEnd(bus)) {
                Receiver<Integer> rx = bus.subscribe();
                long first = bus.publishSequenced(0);
                bus.publishMany(List.of(1, 2, 3, 4));
                assertThat(rx.tryRecv()).isEqualTo(new Lagged<>(first, 1));
                end.accept(rx);
                assertThat(rx.position()).isEqualTo(first + 1);
            }
        }
    }

    // ---- one branch, with options ----

    @EachMode
    void oneBranchIsSubscribedToWithOptionsWhoseFilterSeesThatBranchOnly(Mode mode) {
        try (Bus<Number> bus = Buses.open(mode, 8)) {
            bus.publishMany(List.of(1, 2.0, 3, 4L, 5));
            List<Number> asked = new ArrayList<>();
            Receiver<Integer> rx =
                    bus.subscribe(
                            Integer.class,
                            o ->
                                    o.name("odd")
                                            .oldest()
                                            .filter(
                                                    event -> {
                                                        asked.add(event);
                                                        return event > 1;
                                                    }));
            assertThat(rx.name()).contains("odd");
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(2, 3));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(4, 5));
            assertThat(asked).containsExactly(1, 3, 5);
            assertThat(rx.filtered()).isEqualTo(3);
        }
    }

    @EachMode
    void oneBranchIsConflatedByItsOwnKeys(Mode mode) {
        try (Bus<Number> bus = Buses.open(mode, 8)) {
            Receiver<Integer> rx =
                    bus.subscribe(Integer.class, o -> o.conflateBy(event -> event % 2));
            bus.publishMany(List.of(1, 2.0, 3, 4));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(2, 3));
            assertThat(rx.tryRecv()).isEqualTo(new Message<>(3, 4));
            assertThat(rx.conflated()).isEqualTo(1);
            assertThat(rx.filtered()).isEqualTo(1);
        }
    }
}
