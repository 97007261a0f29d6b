package dev.rustyonions.bus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rustyonions.bus.bench.stat.Interval;
import dev.rustyonions.bus.bench.stat.Pairs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

/** When the rounds of a figure mean that it is met, that it is missed, and that nobody can tell. */
class VerdictTest {
    private static final double DRAIN = 2.2;
    private static final double DISRUPTOR = 0.85;
    private static final double CONTENDED = 1.3;

    @Test
    void aFigureIsDecidedIfItsWholeIntervalLiesOnOneSideOfTheLimit() {
        assertEquals(Verdict.MET, Verdict.of(new Interval(1.1, 1.2, 1.3), 1.3));
        assertEquals(Verdict.MISSED, Verdict.of(new Interval(1.31, 1.4, 1.5), 1.3));
        assertEquals(Verdict.UNDECIDED, Verdict.of(new Interval(1.3, 1.4, 1.5), 1.3));
    }

    @Test
    void roundsWithinTheLimitAreMet() {
        assertEquals(Verdict.MET, Verdict.of(rounds(2.1, 1.59, 1.38), DRAIN));
        assertEquals(Verdict.MET, Verdict.of(rounds(0.67, 0.58, 0.81), DISRUPTOR));
    }

    @Test
    void threeRoundsOnBothSidesOfTheLimitAreUndecided() {
        assertEquals(Verdict.UNDECIDED, Verdict.of(rounds(2.29, 1.59, 2.29), DRAIN));
        assertEquals(Verdict.UNDECIDED, Verdict.of(rounds(1.01, 0.67, 0.67), DISRUPTOR));
        assertEquals(Verdict.UNDECIDED, Verdict.of(rounds(0.75, 2.59, 2.59), CONTENDED));
    }

    @Test
    void sevenRoundsOnBothSidesOfTheLimitAreUndecided() {
        assertEquals(
                Verdict.UNDECIDED,
                Verdict.of(rounds(2.29, 1.59, 2.29, 1.38, 2.3, 2.4, 1.9), DRAIN));
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
                    Verdict.of(rounds(twice * spread, twice, twice * spread), DRAIN));
        }
        for (double usual : new double[] {0.55, 0.58, 0.67}) {
            double twice = 2 * usual;
            assertEquals(
                    Verdict.MISSED, Verdict.of(rounds(twice, twice * spread, twice), DISRUPTOR));
        }
    }

    @Test
    void oneRoundOfSevenThatIsWithinTheLimitDoesNotHideAMiss() {
        assertEquals(Verdict.MISSED, Verdict.of(rounds(3.1, 3.0, 1.6, 4.0, 2.9, 3.3, 2.8), DRAIN));
    }

    @Test
    void oneCountAloneIsMetOrMissed() {
        assertEquals(Verdict.MET, Verdict.of(rounds(2.2), DRAIN));
        assertEquals(Verdict.MISSED, Verdict.of(rounds(2.21), DRAIN));
    }

    @Test
    void aCountIsMissedOnEitherSideOfItsValue() {
        assertEquals(Verdict.MET, Verdict.ofExact(rounds(24.0, 24.0, 24.1), 24));
        assertEquals(Verdict.MISSED, Verdict.ofExact(rounds(23.0, 23.0, 24.0), 24));
        assertEquals(Verdict.MISSED, Verdict.ofExact(rounds(48.0, 24.0, 48.0), 24));
    }

    @Test
    void aCrowdIsNotMissedByRoundsInWhichOthersHadMostOfTheProcessors() {
        double limit = 2.1;
        List<Round> pushed = List.of(round(6.35, 0.8), round(2.97, 0.7), round(4.08, 1));
        assertEquals(Verdict.UNDECIDED, Verdict.ofCrowd(pushed, limit));
        List<Round> oneQuiet = List.of(round(2.18, 0.3), round(9.68, 0.8), round(3.93, 1));
        assertEquals(Verdict.UNDECIDED, Verdict.ofCrowd(oneQuiet, limit));
        List<Round> besideOneBusy = List.of(round(2.3, 0.42), round(2.9, 0.46), round(2.98, 0.49));
        assertEquals(Verdict.UNDECIDED, Verdict.ofCrowd(besideOneBusy, limit));
        List<Round> allWithin = List.of(round(1.5, 0.8), round(1.4, 0.7));
        assertEquals(Verdict.MET, Verdict.ofCrowd(allWithin, limit));
    }

    @Test
    void aCrowdTwiceAsSlowIsMissedBesideALightLoad() {
        List<Round> twice = List.of(round(2.8, 0.3), round(5.9, 0.9), round(3.4, 0.32));
        assertEquals(Verdict.MISSED, Verdict.ofCrowd(twice, 2.1));
    }

    private static List<Round> rounds(double... values) {
        return Arrays.stream(values).mapToObj(value -> round(value, 0)).toList();
    }

    private static Round round(double value, double others) {
        return new Round(Pairs.single(value), others);
    }
}
