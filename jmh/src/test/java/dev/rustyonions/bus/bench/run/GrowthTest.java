package dev.rustyonions.bus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rustyonions.bus.bench.Row;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Which growth is a fault. */
class GrowthTest {
    @Test
    void aCostThatGrowsFasterThanItMayIsNamed() {
        assertEquals(
                List.of(
                        "FAULT: publish grows with the receivers to the power of 0.31, and may to"
                                + " that of 0.1"),
                Growth.faults(
                        List.of(
                                exponent("publish", 0.31, "0.1"),
                                exponent("recv", 0.1, "0.1"),
                                exponent("stats()", 1.04, "1.1"))));
    }

    @Test
    void aGrowthToWhichNothingCouldBeFittedIsAFault() {
        assertEquals(1, Growth.faults(List.of(exponent("recv", Double.NaN, "0.1"))).size());
    }

    @Test
    void rowsOfOtherTablesAreNotJudged() {
        assertEquals(List.of(), Growth.faults(List.of(Row.of("Growth").with("exponent", 9.0))));
    }

    private static Row exponent(String operation, double exponent, String limit) {
        return Row.of("Growth: exponents")
                .with("operation", operation)
                .with("against", "receivers")
                .with("exponent", exponent)
                .with("at most", limit);
    }
}
