package dev.rustyonions.bus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** When the rounds of a figure mean that it is met, that it is missed, and that nobody can tell. */
class VerdictTest {
    private static final double DRAIN = 2.2;
    private static final double DISRUPTOR = 0.85;
    private static final double CONTENDED = 1.3;
    private static final double STEADY = 1.25;
    private static final double CROWDED = 1.5;

    @Test
    void aMedianWithinTheLimitIsMetHoweverFarTheRoundsLieApart() {
        assertEquals(Verdict.MET, Verdict.of(List.of(2.29, 1.59, 1.38), DRAIN, STEADY));
        assertEquals(Verdict.MET, Verdict.of(List.of(0.67, 0.58, 1.01), DISRUPTOR, STEADY));
        assertEquals(Verdict.MET, Verdict.of(List.of(1.0, 2.2, 9.0), DRAIN, STEADY));
    }

    @Test
    void roundsOnBothSidesOfTheLimitAndFurtherApartThanTheMarginAreUndecided() {
        assertEquals(Verdict.UNDECIDED, Verdict.of(List.of(2.29, 1.59, 2.29), DRAIN, STEADY));
        assertEquals(Verdict.UNDECIDED, Verdict.of(List.of(1.01, 0.67, 1.01), DISRUPTOR, STEADY));
        assertEquals(Verdict.UNDECIDED, Verdict.of(List.of(0.75, 2.59, 2.59), CONTENDED, CROWDED));
        assertEquals(
                Verdict.UNDECIDED,
                Verdict.of(List.of(2.29, 1.59, 2.29, 1.38, 2.3, 2.4, 1.9), DRAIN, STEADY));
    }

    @Test
    void roundsOnBothSidesOfTheLimitAndWithinTheMarginAreDecidedByTheirMedian() {
        assertEquals(Verdict.MISSED, Verdict.of(List.of(2.1, 2.29, 2.3), DRAIN, STEADY));
        assertEquals(Verdict.MET, Verdict.of(List.of(2.1, 2.19, 2.3), DRAIN, STEADY));
    }

    /**
     * Twice what either processor measures: drain at 1.17 to 1.59 and 0.55 to 0.67 of the poller.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1.0, 1.1, 1.5, 3.0})
    void twiceTheCostIsMissedHoweverFarTheRoundsLieApart(double spread) {
        for (double usual : new double[] {1.17, 1.38, 1.59}) {
            double twice = 2 * usual;
            assertEquals(
                    Verdict.MISSED,
                    Verdict.of(List.of(twice * spread, twice, twice * spread), DRAIN, STEADY));
        }
        for (double usual : new double[] {0.55, 0.58, 0.67}) {
            double twice = 2 * usual;
            assertEquals(
                    Verdict.MISSED,
                    Verdict.of(List.of(twice, twice * spread, twice), DISRUPTOR, STEADY));
        }
    }

    @Test
    void oneRoundOfSevenThatIsWithinTheLimitDoesNotHideAMiss() {
        assertEquals(
                Verdict.MISSED,
                Verdict.of(List.of(3.1, 3.0, 1.6, 4.0, 2.9, 3.3, 2.8), DRAIN, STEADY));
    }

    @Test
    void oneRoundAloneIsMetOrMissed() {
        assertEquals(Verdict.MET, Verdict.of(List.of(2.2), DRAIN, STEADY));
        assertEquals(Verdict.MISSED, Verdict.of(List.of(2.21), DRAIN, STEADY));
    }

    @Test
    void ofTwoRoundsTheHigherIsTheMedian() {
        assertEquals(Verdict.UNDECIDED, Verdict.of(List.of(1.5, 2.3), DRAIN, STEADY));
    }

    @Test
    void aCountIsMissedOnEitherSideOfItsValue() {
        assertEquals(Verdict.MET, Verdict.ofExact(List.of(24.0, 24.0, 24.1), 24));
        assertEquals(Verdict.MISSED, Verdict.ofExact(List.of(23.0, 23.0, 24.0), 24));
        assertEquals(Verdict.MISSED, Verdict.ofExact(List.of(48.0, 24.0, 48.0), 24));
    }

    @Test
    void aCrowdIsNotMissedByRoundsInWhichOthersHadMostOfTheProcessors() {
        double limit = 2.1;
        List<Round> pushed =
                List.of(new Round(6.35, 0.8), new Round(2.97, 0.7), new Round(4.08, 1));
        assertEquals(Verdict.UNDECIDED, Verdict.ofCrowd(pushed, limit, CROWDED));
        List<Round> oneQuiet =
                List.of(new Round(2.18, 0.5), new Round(9.68, 0.8), new Round(3.93, 1));
        assertEquals(Verdict.UNDECIDED, Verdict.ofCrowd(oneQuiet, limit, CROWDED));
        List<Round> allWithin = List.of(new Round(1.5, 0.8), new Round(1.4, 0.7));
        assertEquals(Verdict.MET, Verdict.ofCrowd(allWithin, limit, CROWDED));
    }

    @Test
    void aCrowdTwiceAsSlowIsMissedBesideABusyProcessorOfTwo() {
        List<Round> twice = List.of(new Round(2.8, 0.5), new Round(5.9, 0.9), new Round(3.4, 0.52));
        assertEquals(Verdict.MISSED, Verdict.ofCrowd(twice, 2.1, CROWDED));
    }
}
