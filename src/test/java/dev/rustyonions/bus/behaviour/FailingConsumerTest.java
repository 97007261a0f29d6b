package dev.rustyonions.bus.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.BusObserver;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.Reason;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.fixture.EachMode;
import dev.rustyonions.bus.fixture.LibraryLog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A consumer that ends by an exception is told of, in an executor too, and ends by that very
 * exception.
 */
class FailingConsumerTest {
    private static final String SECRET = "the payload";

    /** Writes down the failures it is told of. */
    private static final class Told implements BusObserver {
        final List<String> failures = new ArrayList<>();

        @Override
        public void failed(Optional<String> receiver, Class<? extends Throwable> failure) {
            failures.add(receiver.orElse("-") + " " + failure.getName());
        }
    }

    private static Reason consume(Receiver<String> rx, Throwable thrown) {
        return rx.consume(
                event -> {
                    throw FailingConsumerTest.<RuntimeException>unchecked(thrown);
                },
                missed -> {});
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @EachMode
    void aConsumerThatDiesInAnExecutorIsToldToTheLogAndToObserversAndStaysSubscribed(Mode mode)
            throws Exception {
        Told told = new Told();
        IllegalStateException thrown = new IllegalStateException(SECRET);
        LibraryLog log = LibraryLog.open();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Bus<String> bus = Buses.builder(mode, 4).name("orders").build();
                Receiver<String> rx = bus.subscribe(o -> o.name("audit"))) {
            bus.observe(told);
            bus.publish(SECRET);
            Future<Reason> consumer = executor.submit(() -> consume(rx, thrown));
            assertThat(catchThrowable(consumer::get)).hasCause(thrown);
            assertThat(consumer.exceptionNow()).isSameAs(thrown);
            assertThat(bus.stats().receivers()).isEqualTo(1);
        } finally {
            log.close();
        }
        assertThat(told.failures).containsExactly("audit java.lang.IllegalStateException");
        assertThat(log.records())
                .singleElement()
                .satisfies(
                        line -> {
                            assertThat(line.getMessage())
                                    .isEqualTo(
                                            "bus orders: the consumer of receiver audit ended by"
                                                    + " java.lang.IllegalStateException; the"
                                                    + " receiver stays subscribed until it is"
                                                    + " closed");
                            assertThat(line.getThrown()).isNull();
                        });
    }

    @EachMode
    void whatAFilterThrowsIsToldLikeWhatAHandlerThrows(Mode mode) {
        Told told = new Told();
        IllegalStateException thrown = new IllegalStateException(SECRET);
        try (Bus<String> bus = Buses.open(mode, 4);
                Receiver<String> rx =
                        bus.subscribe(
                                o ->
                                        o.filter(
                                                event -> {
                                                    throw thrown;
                                                }))) {
            bus.observe(told);
            bus.publish(SECRET);
            assertThat(catchThrowable(() -> rx.consume(event -> {}, missed -> {})))
                    .isSameAs(thrown);
        }
        assertThat(told.failures).containsExactly("- java.lang.IllegalStateException");
    }

    @EachMode
    void aHandlerOfLagsThatThrowsIsToldToo(Mode mode) {
        Told told = new Told();
        Error thrown = new AssertionError(SECRET);
        try (Bus<String> bus = Buses.open(mode, 2);
                Receiver<String> rx = bus.subscribe()) {
            bus.observe(told);
            bus.publishMany(List.of(SECRET, SECRET, SECRET));
            assertThat(
                            catchThrowable(
                                    () ->
                                            rx.consume(
                                                    event -> {},
                                                    missed -> {
                                                        throw thrown;
                                                    })))
                    .isSameAs(thrown);
        }
        assertThat(told.failures).containsExactly("- java.lang.AssertionError");
    }

    @EachMode
    void aFailureIsToldOnceForEachCallAndAnOrderlyEndNotAtAll(Mode mode) {
        Told told = new Told();
        Bus<String> bus = Buses.open(mode, 4);
        Receiver<String> rx = bus.subscribe(o -> o.name("audit"));
        bus.observe(told);
        bus.publish(SECRET);
        bus.publish(SECRET);
        assertThat(catchThrowable(() -> consume(rx, new IllegalStateException()))).isNotNull();
        assertThat(catchThrowable(() -> consume(rx, new IllegalArgumentException()))).isNotNull();
        bus.close();
        assertThat(rx.consume(event -> {}, missed -> {})).isEqualTo(Reason.BUS_CLOSED);
        assertThat(told.failures)
                .containsExactly(
                        "audit java.lang.IllegalStateException",
                        "audit java.lang.IllegalArgumentException");
    }

    @EachMode
    void anObserverOrALogThatThrowsChangesNothing(Mode mode) {
        BusObserver failing =
                new BusObserver() {
                    @Override
                    public void failed(
                            Optional<String> receiver, Class<? extends Throwable> failure) {
                        throw new AssertionError("an observer's own");
                    }
                };
        Told told = new Told();
        Exception thrown = new Exception(SECRET); // a checked one, thrown all the same
        LibraryLog log = LibraryLog.broken();
        try (Bus<String> bus = Buses.open(mode, 4);
                Receiver<String> rx = bus.subscribe()) {
            bus.observe(failing);
            bus.observe(told);
            bus.publish(SECRET);
            assertThat(catchThrowable(() -> consume(rx, thrown)))
                    .isSameAs(thrown)
                    .hasNoSuppressedExceptions();
        } finally {
            log.close();
        }
        assertThat(told.failures).containsExactly("- java.lang.Exception");
    }
}
