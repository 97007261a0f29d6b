package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Handler;
import dev.rustyonions.bus.Lagged;
import dev.rustyonions.bus.Message;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.EachModeAndThread;
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.LibraryLog;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Consuming with whole messages, and with a heartbeat. */
class HandlerTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    /** Writes down what it is given. */
    private static class Noting implements Handler<Integer, IOException> {
        final List<Object> given = new ArrayList<>();

        @Override
        public void onMessage(Message<Integer> message) throws IOException {
            given.add(message);
        }

        @Override
        public void onLag(Lagged<Integer> lag) throws IOException {
            given.add(lag);
        }
    }

    /** Closes its receiver after a number of heartbeats. */
    private static final class Beating extends Noting {
        private final Receiver<Integer> rx;
        private int left;

        Beating(Receiver<Integer> rx, int beats) {
            this.rx = rx;
            this.left = beats;
        }

        @Override
        public void onHeartbeat() {
            if (--left == 0) {
                rx.close();
            }
        }
    }

    @EachMode
    void aHandlerIsGivenMessagesAndLagsWholeAndInOrderUntilTheEnd(Mode mode) throws IOException {
        for (Duration heartbeat : new Duration[] {null, Task.PATIENCE}) {
            Bus<Integer> bus = Buses.open(mode, 2);
            Receiver<Integer> rx = bus.subscribe();
            bus.publishMany(List.of(10, 11, 12));
            bus.close();
            Noting noting = new Noting();
            Reason end = heartbeat == null ? rx.consume(noting) : rx.consume(noting, heartbeat);
            assertThat(end).isEqualTo(Reason.BUS_CLOSED);
            assertThat(noting.given)
                    .containsExactly(
                            new Lagged<>(0, 1), new Message<>(1, 11), new Message<>(2, 12));
            assertThat(rx.delivered()).isEqualTo(2);
        }
    }

    @EachModeAndThread
    void aHandlerIsCalledAgainAndAgainWhileThereIsNothing(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            Beating beating = new Beating(rx, 3);
            Task<Reason> consumer = Task.start(kind, () -> rx.consume(beating, SHORT));
            assertThat(consumer.result()).isEqualTo(Reason.RECEIVER_CLOSED);
            assertThat(beating.left).isZero();
            assertThat(beating.given).isEmpty();
        }
    }

    /** Publishers that never let up, of events that the receiver does not want. */
    @EachModeAndThread
    void messagesThatAreRefusedDoNotPutTheHeartbeatOff(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx =
                        bus.subscribe(
                                o ->
                                        o.filter(
                                                event -> {
                                                    bus.publish(event + 1);
                                                    return false;
                                                }))) {
            bus.publish(0);
            Beating beating = new Beating(rx, 2);
            Task<Reason> consumer = Task.start(kind, () -> rx.consume(beating, SHORT));
            assertThat(consumer.result()).isEqualTo(Reason.RECEIVER_CLOSED);
        }
    }

    @EachModeAndThread
    void whatTheHandlerThrowsEndsTheLoopIsTheCallersAndIsTold(Mode mode, ThreadKind kind) {
        IOException gone = new IOException("the client has gone");
        List<String> told = new ArrayList<>();
        LibraryLog log = LibraryLog.open();
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            bus.observe(
                    new BusObserver() {
                        @Override
                        public void failed(
                                Optional<String> receiver, Class<? extends Throwable> failure) {
                            told.add(failure.getSimpleName());
                        }
                    });
            Noting failing =
                    new Noting() {
                        @Override
                        public void onHeartbeat() throws IOException {
                            throw gone;
                        }
                    };
            Task<Throwable> consumer =
                    Task.start(
                            kind,
                            () -> {
                                try {
                                    rx.consume(failing, SHORT);
                                    return null;
                                } catch (IOException e) {
                                    return e;
                                }
                            });
            assertThat(consumer.result()).isSameAs(gone);
            assertThat(rx.isClosed()).as("usable").isFalse();
        } finally {
            log.close();
        }
        assertThat(told).containsExactly("IOException");
        assertThat(log.records()).hasSize(1);
    }

    /** A lossless receiver's own handler must not wait for itself, in this loop either. */
    @EachMode
    void aHandlerOfALosslessReceiverThatWouldWaitForItselfIsTold(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe(o -> o.lossless())) {
            bus.publishMany(List.of(1, 2));
            assertThatThrownBy(
                            () ->
                                    rx.consume(
                                            new Noting() {
                                                @Override
                                                public void onMessage(Message<Integer> message) {
                                                    bus.submit(3);
                                                    bus.submit(4);
                                                    bus.submit(5);
                                                }
                                            },
                                            SHORT))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @EachMode
    void aHeartbeatOfNoTimeIsRefusedNamingIt(Mode mode) {
        try (Bus<Integer> bus = Buses.open(mode, 2);
                Receiver<Integer> rx = bus.subscribe()) {
            for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThatThrownBy(() -> rx.consume(new Noting(), none))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "consume(handler, "
                                        + none
                                        + "): the heartbeat must be more than zero");
            }
        }
    }

    @EachModeAndThread
    void aConsumerBetweenHeartbeatsIsWokenByAMessageAndByAnInterrupt(Mode mode, ThreadKind kind) {
        try (Bus<Integer> bus = Buses.open(mode, 4);
                Receiver<Integer> rx = bus.subscribe()) {
            CountDownLatch came = new CountDownLatch(1);
            Noting noting =
                    new Noting() {
                        @Override
                        public void onMessage(Message<Integer> message) {
                            came.countDown();
                        }
                    };
            Task<Reason> consumer =
                    Task.start(kind, () -> rx.consume(noting, Task.PATIENCE)).untilParkedTimed();
            bus.publish(1);
            Latches.await(came);
            consumer.untilParkedTimed().thread().interrupt();
            assertThat(consumer.result()).isEqualTo(Reason.INTERRUPTED);
        }
    }
}
