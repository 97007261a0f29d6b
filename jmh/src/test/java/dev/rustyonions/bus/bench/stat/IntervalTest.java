package dev.rustyonions.bus.bench.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What intervals say of known data. The noise is real: the times of a publish in slices, recorded
 * in the order they were taken, beside builds that had most of two processors.
 */
class IntervalTest {
    private static final int RUNS = 1_000;
    private static final int ROUNDS = 3;
    private static final int PASSES = 100;
    private static final double EXACTLY = 1e-9;

    private static double[] recorded = {};

    @BeforeAll
    static void read() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        IntervalTest.class.getResourceAsStream("slices.txt")),
                                StandardCharsets.UTF_8))) {
            recorded = lines.lines().mapToDouble(Double::parseDouble).toArray();
        }
    }

    @Test
    void noDifferenceIsTakenForOneNoMoreOftenThanTheErrorSays() {
        int above = 0;
        int below = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Interval interval = Interval.of(rounds(1, seed), seed);
            above += interval.low() > 1 ? 1 : 0;
            below += interval.high() < 1 ? 1 : 0;
        }
        assertTrue(above <= Interval.ERROR * RUNS, above + " intervals above 1");
        assertTrue(below <= Interval.ERROR * RUNS, below + " intervals below 1");
    }

    @Test
    void aFifthMoreIsSeenInTheNoiseOfRealSlices() {
        int seen = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            seen += Interval.of(rounds(1.2, seed), seed).low() > 1.05 ? 1 : 0;
        }
        assertTrue(seen >= 0.95 * RUNS, "a fifth more was seen in " + seen + " of " + RUNS);
    }

    @Test
    void roundsThatDisagreeMakeAnIntervalFromTheLowestToTheHighest() {
        List<Pairs> rounds = List.of(Pairs.single(1.4), Pairs.single(1.1), Pairs.single(1.2));
        assertEquals(new Interval(1.1, 1.2, 1.4), Interval.of(rounds, 1));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        List<Pairs> rounds = rounds(1.1, 7);
        assertEquals(Interval.of(rounds, 3), Interval.of(rounds, 3));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertEquals(2.5, Interval.median(4, 1, 3, 2), EXACTLY);
        assertEquals(3, Interval.median(4, 1, 3), EXACTLY);
    }

    @Test
    void sidesOfDifferentLengthAreRefused() {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Pairs.of(new double[] {1, 2}, new double[] {1}, Pairs.LOW));
        assertEquals(
                "2 times of the subject and 1 of the baseline; as many are needed, at least one",
                refused.getMessage());
    }

    /**
     * Rounds of what was recorded: of two neighbours one is the baseline, and the other the
     * subject, {@code factor} times as slow.
     */
    private static List<Pairs> rounds(double factor, int seed) {
        Random random = new Random(seed);
        List<Pairs> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            int first = random.nextInt(recorded.length - 2 * PASSES);
            double[] subject = new double[PASSES];
            double[] baseline = new double[PASSES];
            for (int pass = 0; pass < PASSES; pass++) {
                int swap = random.nextInt(2);
                subject[pass] = factor * recorded[first + 2 * pass + swap];
                baseline[pass] = recorded[first + 2 * pass + 1 - swap];
            }
            rounds.add(Pairs.of(subject, baseline, Pairs.LOW));
        }
        assertEquals(ROUNDS, rounds.stream().map(Pairs::passes).filter(n -> n == PASSES).count());
        return rounds;
    }
}
