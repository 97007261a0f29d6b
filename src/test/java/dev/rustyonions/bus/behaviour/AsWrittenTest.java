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
import dev.rustyonions.bus.fixture.Latches;
import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

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
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Bus<Event> bus = Buses.open(mode, 4)) {
            Receiver<Event> rx = bus.subscribe();
            Future<Received<Event>> received = executor.submit(rx::recv);
            bus.publish(new Event.ConfigUpdated(3));
            assertThat(received.get(60, TimeUnit.SECONDS))
                    .isEqualTo(new Message<>(0, new Event.ConfigUpdated(3)));
        }
    }

    @EachMode
    void aReceiverSubscribedBeforeItsTaskStartsIsGivenWhatWasPublishedMeanwhile(Mode mode) {
        try (Bus<Event> bus = Buses.open(mode, 4)) {
            Receiver<Event> rx = bus.subscribe();
            bus.publish(new Event.ConfigUpdated(1));
            Task<Received<Event>> task = Task.start(ThreadKind.VIRTUAL, rx::recv);
            assertThat(task.result()).isEqualTo(new Message<>(0, new Event.ConfigUpdated(1)));
        }
    }

    @EachMode
    void oneThatIsSubscribedInsideItsTaskIsNotAndIsNotToldEither(Mode mode) throws Exception {
        try (Bus<Event> bus = Buses.open(mode, 4)) {
            CountDownLatch scheduled = new CountDownLatch(1);
            CountDownLatch subscribed = new CountDownLatch(1);
            Task<Received<Event>> task =
                    Task.start(
                            ThreadKind.VIRTUAL,
                            () -> {
                                scheduled.await();
                                Receiver<Event> rx = bus.subscribe();
                                subscribed.countDown();
                                return rx.recv();
                            });
            assertThat(bus.publish(new Event.ConfigUpdated(1))).isZero();
            scheduled.countDown();
            subscribed.await();
            bus.publish(new Event.ConfigUpdated(2));
            assertThat(task.result()).isEqualTo(new Message<>(1, new Event.ConfigUpdated(2)));
        }
    }

    @EachMode
    void anExecutorOpenedBeforeTheBusIsClosedAfterItAndBothEnd(Mode mode) {
        Task<Reason> block =
                Task.start(
                        ThreadKind.PLATFORM,
                        () -> {
                            Future<Reason> ended;
                            try (ExecutorService executor =
                                            Executors.newVirtualThreadPerTaskExecutor();
                                    Bus<Event> bus = Buses.open(mode, 4)) {
                                Receiver<Event> rx = bus.subscribe();
                                ended = executor.submit(() -> rx.consume(e -> {}, missed -> {}));
                            }
                            return ended.get();
                        });
        assertThat(block.result()).isEqualTo(Reason.BUS_CLOSED);
    }

    @EachMode
    void anExecutorThatIsClosedBeforeTheBusWaitsUntilSomebodyElseClosesTheBus(Mode mode) {
        Bus<Event> bus = Buses.open(mode, 4);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Receiver<Event> rx = bus.subscribe();
        Future<Reason> ended = executor.submit(() -> rx.consume(e -> {}, missed -> {}));
        Task<Void> closing = Task.run(ThreadKind.PLATFORM, executor::close);
        closing.untilParkedTimed();
        assertThat(ended.isDone()).isFalse();
        bus.close();
        closing.result();
        assertThat(ended.resultNow()).isEqualTo(Reason.BUS_CLOSED);
    }

    /** What a test must not wait for, and what it can wait for. */
    @EachMode
    @SuppressWarnings("try") // the close is what the task waits for
    void depthAndDeliveredCountAnEventThatItsHandlerHasNotHandledYet(Mode mode) throws Exception {
        try (Bus<Event> bus = Buses.open(mode, 4)) {
            Receiver<Event> rx = bus.subscribe();
            CountDownLatch handling = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            AtomicLong handled = new AtomicLong(-1);
            Task<Void> task =
                    Task.run(
                            ThreadKind.VIRTUAL,
                            () -> {
                                while (rx.recv() instanceof Message<Event> message) {
                                    handling.countDown();
                                    Latches.await(mayEnd);
                                    handled.set(message.sequence());
                                }
                            });
            long ticket = bus.publishSequenced(new Event.Shutdown());
            handling.await();
            assertThat(rx.depth()).isZero();
            assertThat(bus.stats().depth()).isZero();
            assertThat(rx.delivered()).isEqualTo(1);
            assertThat(handled).hasValue(-1);

            mayEnd.countDown();
            bus.close();
            task.result();
            assertThat(handled).hasValue(ticket);
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
