package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rustyonions.bus.fixture.Garbage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Observers are told of lags and samples, compose, and cannot harm the bus. */
class BusObserverTest {

    /** Writes down what it is told. */
    private static final class Told implements BusObserver {
        final int every;
        final List<String> lags = new ArrayList<>();
        final List<Long> published = new ArrayList<>();
        final List<Long> received = new ArrayList<>();
        final List<Long> nanos = new ArrayList<>();

        Told(int every) {
            this.every = every;
        }

        @Override
        public int sampleEvery() {
            return every;
        }

        @Override
        public void lagged(Optional<String> receiver, Lagged<?> lag) {
            lags.add(receiver.orElse("-") + " " + lag.from() + "+" + lag.missed());
        }

        @Override
        public void published(long sequence, long nanos) {
            published.add(sequence);
            this.nanos.add(nanos);
        }

        @Override
        public void received(Optional<String> receiver, long sequence, long nanos) {
            received.add(sequence);
            this.nanos.add(nanos);
        }
    }

    private final Bus<Integer> bus = Bus.create(8);

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            bus.publish(i);
        }
    }

    @Test
    void aLagIsToldOnceWithTheReceiversName() {
        Told told = new Told(0);
        bus.observe(told);
        Receiver<Integer> named = bus.subscribe(o -> o.name("audit"));
        Receiver<Integer> unnamed = bus.subscribe();
        publish(10);
        named.tryRecv();
        named.tryRecv();
        unnamed.tryRecv();
        assertThat(told.lags).containsExactly("audit 0+2", "- 0+2");
    }

    @Test
    void severalObserversAreToldEachItsOwnSamples() {
        Told everyOther = new Told(2);
        Told everyFourth = new Told(4);
        Told none = new Told(0);
        bus.observe(everyOther);
        bus.observe(everyFourth);
        bus.observe(none);
        Receiver<Integer> receiver = bus.subscribe();
        publish(8);
        receiver.drain(8, message -> {});
        assertThat(everyOther.published).containsExactly(0L, 2L, 4L, 6L);
        assertThat(everyOther.received).containsExactly(0L, 2L, 4L, 6L);
        assertThat(everyFourth.published).containsExactly(0L, 4L);
        assertThat(everyFourth.received).containsExactly(0L, 4L);
        assertThat(none.published).isEmpty();
        assertThat(everyOther.nanos).allMatch(nanos -> nanos >= 0 && nanos < 60_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 4", "3, 2", "4, 2", "5, 1"})
    void thePeriodIsRoundedUpToAPowerOfTwo(int every, int samplesOfEight) {
        Told told = new Told(every);
        bus.observe(told);
        publish(8);
        assertThat(told.published).hasSize(samplesOfEight);
    }

    @Test
    void theEndOfAReceiverIsToldOnceHoweverItCame() {
        List<String> ended = new ArrayList<>();
        bus.observe(
                new BusObserver() {
                    @Override
                    public void ended(ReceiverStats receiver) {
                        ended.add(
                                receiver.name().orElse("-")
                                        + " "
                                        + receiver.delivered()
                                        + " "
                                        + receiver.filtered()
                                        + " "
                                        + receiver.missed());
                    }
                });
        Receiver<Integer> closed = bus.subscribe(o -> o.name("closed").filter(n -> n % 2 == 0));
        Receiver<Integer> told = bus.subscribe(o -> o.name("told"));
        Receiver<Integer> unnamed = bus.subscribe();
        publish(3);
        closed.drain(8, received -> {});
        closed.close();
        closed.close();
        assertThat(ended).containsExactly("closed 2 1 0");
        ended.clear();

        abandon();
        publish(11);
        bus.stats(); // notices the abandoned one, which has missed three
        assertThat(ended).containsExactly("abandoned 0 0 3");
        ended.clear();

        bus.close();
        told.consume(event -> {}, missed -> {});
        told.close();
        unnamed.close();
        assertThat(ended).containsExactly("told 8 0 6", "- 0 0 6");
    }

    private void abandon() {
        Garbage.awaitCollected(new WeakReference<>(bus.subscribe(o -> o.name("abandoned"))));
    }

    @Test
    void whatAnObserverThrowsAtTheEndOfAReceiverHarmsNobody() {
        bus.observe(
                new BusObserver() {
                    @Override
                    public void ended(ReceiverStats receiver) {
                        throw new IllegalStateException("planted");
                    }
                });
        Receiver<Integer> rx = bus.subscribe();
        rx.close();
        assertThat(bus.stats().receivers()).isZero();
    }

    @Test
    void aNegativePeriodIsRefused() {
        assertThatThrownBy(() -> bus.observe(new Told(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Told: -1; allowed are 0, for none, and more");
    }

    @Test
    void anEndedObservationIsToldNothingMore() {
        Told ended = new Told(1);
        Told stays = new Told(1);
        BusObserver.Registration registration = bus.observe(ended);
        bus.observe(stays);
        Receiver<Integer> receiver = bus.subscribe();
        publish(1);
        registration.close();
        registration.close();
        publish(9);
        receiver.drain(20, message -> {});
        assertThat(ended.published).containsExactly(0L);
        assertThat(ended.lags).isEmpty();
        assertThat(stays.published).hasSize(10);
        assertThat(stays.lags).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyWayToPublishAndReceiveIsSampled(Mode mode) {
        Bus<Integer> own = Bus.builder().capacity(64).mode(mode).build();
        Told told = new Told(4);
        own.observe(told);
        Receiver<Integer> receiver = own.subscribe();
        own.publishMany(IntStream.range(0, 6).boxed().toList()); // 0 to 5: samples 0, 4
        try (Batch<Integer> batch = own.batch()) {
            for (int i = 6; i < 13; i++) {
                batch.add(i); // flushed at the end: samples 8, 12
            }
        }
        for (int i = 13; i < 17; i++) {
            own.publish(i); // sample 16
        }
        for (int i = 0; i < 5; i++) {
            receiver.recv();
        }
        receiver.drain(100, message -> {});
        assertThat(told.received).containsExactly(0L, 4L, 8L, 12L, 16L);
        // One record of cost for each batch, whatever the number of its samples.
        assertThat(told.published).containsExactly(0L, 8L, 16L);
    }

    @Test
    void whatAFilterRefusesIsNotSampled() {
        Told told = new Told(1);
        bus.observe(told);
        Receiver<Integer> receiver = bus.subscribe(o -> o.filter(event -> event % 2 == 0));
        publish(8);
        receiver.drain(8, message -> {});
        assertThat(told.received).containsExactly(0L, 2L, 4L, 6L);
    }

    @Test
    void aMessagePublishedBeforeTheObservationHasNoTimeAndIsNotSampled() {
        Receiver<Integer> receiver = bus.subscribe();
        publish(4);
        Told told = new Told(1);
        bus.observe(told);
        publish(2);
        receiver.drain(8, message -> {});
        assertThat(told.received).containsExactly(4L, 5L);
    }

    @Test
    void aMessageReceivedLongAfterIsTimedFromItsOwnPublication() {
        Told told = new Told(1);
        bus.observe(told);
        Receiver<Integer> receiver = bus.subscribe();
        publish(100);
        receiver.drain(20, message -> {});
        assertThat(told.received).containsExactly(92L, 93L, 94L, 95L, 96L, 97L, 98L, 99L);
    }

    @Test
    void anObserverThatThrowsChangesNothingForBusAndReceiver() {
        BusObserver failing =
                new BusObserver() {
                    @Override
                    public int sampleEvery() {
                        return 1;
                    }

                    @Override
                    public void lagged(Optional<String> receiver, Lagged<?> lag) {
                        throw new IllegalStateException("lagged");
                    }

                    @Override
                    public void published(long sequence, long nanos) {
                        throw new IllegalStateException("published");
                    }

                    @Override
                    public void received(Optional<String> receiver, long sequence, long nanos) {
                        throw new AssertionError("received");
                    }
                };
        bus.observe(failing);
        Told told = new Told(1);
        bus.observe(told);
        Receiver<Integer> receiver = bus.subscribe();
        publish(10);
        assertThat(receiver.recv()).isEqualTo(new Lagged<>(0, 2));
        assertThat(receiver.drain(8, message -> {})).isEqualTo(8);
        assertThat(receiver.delivered()).isEqualTo(8);
        assertThat(receiver.missed()).isEqualTo(2);
        assertThat(told.lags).hasSize(1);
        assertThat(told.received).hasSize(8);
    }
}
