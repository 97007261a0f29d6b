package dev.rustyonions.bus.bench.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** The exponent that is fitted to a cost. */
class PowerLawTest {
    private static final double[] SIZES = {1, 10, 100, 1_000, 10_000, 100_000};
    private static final double EXACTLY = 1e-9;

    @Test
    void anExponentThatWasPlantedIsFound() {
        for (double planted : new double[] {0, 0.1, 0.5, 1, 1.1, 2}) {
            assertEquals(planted, exponent(n -> 7 * Math.pow(n, planted)), EXACTLY);
        }
    }

    @Test
    void anExponentIsFoundInCostsThatATenthOfNoiseWasAddedTo() {
        Random random = new Random(1);
        for (double planted : new double[] {0, 0.3, 1, 1.3}) {
            for (int run = 0; run < 100; run++) {
                double found =
                        exponent(n -> Math.pow(n, planted) * (1 + 0.1 * random.nextDouble()));
                assertEquals(planted, found, 0.03);
            }
        }
    }

    @Test
    void aFixedCostBelowTheUpperDecadesHidesNothing() {
        assertEquals(1, exponent(n -> n <= 10 ? 1_000 : n), EXACTLY);
    }

    @Test
    void aLogarithmIsMoreThanATenthAndTwiceTheCostOverThreeDecadesIsNot() {
        assertTrue(exponent(n -> Math.log(1 + n)) > 0.1);
        assertTrue(exponent(n -> n * Math.log(1 + n)) > 1.1);
        assertTrue(exponent(n -> 1 + Math.log10(n / 100) / 3.1) < 0.1);
    }

    @Test
    void whatNoLineGoesThroughIsRefused() {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PowerLaw.exponent(new double[] {1, 100_000}, new double[] {1, 1}));
        assertEquals(
                "[1.0, 100000.0]: fewer than two sizes within the upper 3 decades",
                refused.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> PowerLaw.exponent(new double[] {1, 10}, new double[] {1, 0}));
        assertThrows(
                IllegalArgumentException.class,
                () -> PowerLaw.exponent(new double[] {1, 10}, new double[] {1}));
    }

    private static double exponent(DoubleUnaryOperator cost) {
        return PowerLaw.exponent(SIZES, Arrays.stream(SIZES).map(cost).toArray());
    }
}
