package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.ring.Channel;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stamps that samples are made of: what a publisher preempted before its stamp may do, and what not. */
class SamplerTest {
    private static final int CAPACITY = 8;

    /** Sequences that share the place of a stamp: every message is sampled, for two windows. */
    private static final long OLD = 3;

    private static final long NEW = OLD + 2 * CAPACITY;

    private final List<Long> sequences = new ArrayList<>();
    private final List<Long> nanos = new ArrayList<>();
    private final Sampler sampler =
            new Sampler(
                    new Channel(new MessageRing(CAPACITY), 0, false),
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

    @Test
    void aStampIsForItsSequenceOnly() {
        sampler.stamp(OLD, System.nanoTime());
        sampler.received(null, NEW);
        sampler.received(null, OLD + 1);
        assertThat(sequences).isEmpty();

        sampler.received(null, OLD);
        assertThat(sequences).containsExactly(OLD);
    }

    @Test
    void aLateStampDoesNotReplaceANewerOne() {
        sampler.stamp(NEW, System.nanoTime());
        sampler.stamp(OLD, System.nanoTime());

        sampler.received(null, OLD);
        assertThat(sequences).isEmpty();
        sampler.received(null, NEW);
        assertThat(sequences).containsExactly(NEW);
    }

    @Test
    void ofTwoStampsForOneSequenceTheLaterHolds() {
        long hour = 3_600_000_000_000L;
        sampler.stamp(OLD, System.nanoTime() - hour);
        sampler.stamp(OLD, System.nanoTime());

        sampler.received(null, OLD);
        assertThat(nanos).singleElement().satisfies(took -> assertThat(took).isLessThan(hour));
    }
}
