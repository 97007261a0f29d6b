package dev.rustyonions.bus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.fixture.Buses;
import dev.rustyonions.bus.micrometer.Readings.Pace;
import dev.rustyonions.bus.micrometer.Readings.Reading;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** How long a reading is used. */
class ReadingsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Bus<Integer> bus = Buses.open(Mode.CLASSIC, 8);

    /** What the clock shows when it is next looked at, and after that. */
    private final Deque<LongSupplier> clock = new ArrayDeque<>();

    private final ReceiverNames names = new ReceiverNames(10);
    private final List<Reading> taken = new ArrayList<>();
    private final Readings readings;

    ReadingsTest() {
        at(0);
        readings =
                new Readings(bus, Pace.USUAL, () -> clock.remove().getAsLong(), names, this::taken);
    }

    private void at(long... times) {
        for (long time : times) {
            clock.add(() -> time);
        }
    }

    private void taken() {
        taken.add(readings.last());
    }

    @Test
    void aShortReadingIsUsedForATenthOfASecond() {
        at(0, 0, 1000); // looked at, began, ended
        readings.current();
        at(1000 + SECOND / 10 - 1);
        readings.current();
        assertThat(taken).hasSize(1);
        at(1000 + SECOND / 10, 1000 + SECOND / 10, 2000 + SECOND / 10);
        readings.current();
        assertThat(taken).hasSize(2);
    }

    @Test
    void aReadingThatTookLongServesAllMetersOfAScrapeAndIsUsedTenTimesAsLong() {
        at(0, 0, 2 * SECOND);
        readings.current();
        for (int meter = 0; meter < 2000; meter++) {
            at(2 * SECOND + meter * SECOND / 100);
            readings.current();
        }
        assertThat(taken).hasSize(1);
        at(22 * SECOND, 22 * SECOND, 22 * SECOND);
        readings.current();
        assertThat(taken).hasSize(2);
    }

    @Test
    void whileAReadingIsTakenOthersUseTheOneBefore() {
        at(0, 0, 0);
        Reading first = readings.current();
        List<Reading> meanwhile = new ArrayList<>();
        at(SECOND);
        clock.add(
                () -> {
                    meanwhile.add(readings.current());
                    return SECOND;
                });
        at(SECOND, SECOND); // the look of who comes meanwhile, and the end
        Reading second = readings.current();
        assertThat(meanwhile).containsExactly(first);
        assertThat(taken).containsExactly(first, second);
    }

    @Test
    void endsToldWhileNobodyReadsAreSummedUpByWhoTellsThem() {
        for (int i = 0; i < 100_000; i++) {
            readings.ended("client " + i % 10, 1);
        }
        assertThat(names.ended("client 0", 0)).as("too many are left").isFalse();
        at(0, 0, 0);
        Reading reading = readings.current();
        assertThat(reading.named()).hasSize(10);
        assertThat(reading.named().values())
                .allSatisfy(named -> assertThat(named.missed()).isEqualTo(10_000));
    }
}
