package dev.rustyonions.bus.bench.against;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rustyonions.bus.bench.stat.Interval;

import org.junit.jupiter.api.Test;

/** What the interval of a ratio between two versions is called. */
class DifferenceTest {
    @Test
    void aDifferenceIsToldIfTheWholeIntervalIsBeyondWhatTells() {
        assertEquals(Difference.SLOWER, Difference.of(new Interval(1.06, 1.2, 1.3)));
        assertEquals(Difference.FASTER, Difference.of(new Interval(0.7, 0.8, 0.95)));
    }

    @Test
    void versionsAreTheSameIfTheWholeIntervalIsWithinWhatTells() {
        assertEquals(Difference.SAME, Difference.of(new Interval(0.96, 1.0, 1.05)));
        assertEquals(Difference.SAME, Difference.of(new Interval(1.01, 1.02, 1.03)));
    }

    @Test
    void anIntervalThatReachesOverWhatTellsIsUndecided() {
        assertEquals(Difference.UNDECIDED, Difference.of(new Interval(1.04, 1.1, 1.2)));
        assertEquals(Difference.UNDECIDED, Difference.of(new Interval(0.9, 0.96, 1.0)));
        assertEquals(Difference.UNDECIDED, Difference.of(new Interval(0.5, 1.0, 1.5)));
    }
}
