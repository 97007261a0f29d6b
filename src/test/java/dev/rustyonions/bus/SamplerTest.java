package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stamps that samples are made of: what a publisher preempted before its stamp may do, and what
 * not.
 */
class SamplerTest {
    private static final int CAPACITY = 8;

    /** Sequences that share the place of a stamp: every message is sampled, for two windows. */
    private static final long OLD = 3;

    private static final long NEW = OLD + 2 * CAPACITY;

    private final List<Long> sequences = new ArrayList<>();
    private final List<Long> nanos = new ArrayList<>();
    private final Sampler sampler =
            new Sampler(
                    new MessageRing(CAPACITY),
                    new Observation[] {new Observation(new Told(), "bus")});

    private final class Told implements BusObserver {
        @Override
        public int sampleEvery() {
            return 1;
        }

        @Override
        public void received(Optional<String> receiver, long sequence, long took) {
            sequences.add(sequence);
            nanos.add(took);
        }
    }

    private static final Object EVENT = "event";

    private void receive(long sequence, Object event) {
        sampler.received(null, new Message<>(sequence, event), 0);
    }

    @Test
    void aStampIsForItsSequenceOnly() {
        sampler.stamp(OLD, System.nanoTime(), EVENT);
        receive(NEW, EVENT);
        receive(OLD + 1, EVENT);
        assertThat(sequences).isEmpty();

        receive(OLD, EVENT);
        assertThat(sequences).containsExactly(OLD);
    }

    @Test
    void aLateStampDoesNotReplaceANewerOne() {
        sampler.stamp(NEW, System.nanoTime(), EVENT);
        sampler.stamp(OLD, System.nanoTime(), EVENT);

        receive(OLD, EVENT);
        assertThat(sequences).isEmpty();
        receive(NEW, EVENT);
        assertThat(sequences).containsExactly(NEW);
    }

    @Test
    void ofTwoStampsForOneSequenceTheLaterHolds() {
        long hour = 3_600_000_000_000L;
        sampler.stamp(OLD, System.nanoTime() - hour, EVENT);
        sampler.stamp(OLD, System.nanoTime(), EVENT);

        receive(OLD, EVENT);
        assertThat(nanos).singleElement().satisfies(took -> assertThat(took).isLessThan(hour));
    }

    @Test
    void aStampIsForTheEventItsPublisherMeantAndNotForAnothersAtItsPlace() {
        sampler.stamp(OLD, System.nanoTime(), EVENT);

        receive(OLD, new String("event"));
        assertThat(sequences).isEmpty();
        receive(OLD, EVENT);
        assertThat(sequences).containsExactly(OLD);
    }

    @Test
    void whatWasPublishedBeforeASubscriptionIsNoSampleOfItsLatency() {
        sampler.stamp(OLD, System.nanoTime(), EVENT);

        sampler.received(null, new Message<>(OLD, EVENT), OLD + 1);
        assertThat(sequences).isEmpty();
        sampler.received(null, new Message<>(OLD, EVENT), OLD);
        assertThat(sequences).containsExactly(OLD);
    }
}
