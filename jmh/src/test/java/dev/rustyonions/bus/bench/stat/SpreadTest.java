package dev.rustyonions.bus.bench.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The median and the quartiles of runs. */
class SpreadTest {
    @Test
    void quartilesOfFiveRunsAreTheSecondAndTheFourth() {
        assertEquals(new Spread(2, 3, 40), Spread.of(List.of(40.0, 1.0, 3.0, 50.0, 2.0)));
    }

    @Test
    void whatFallsBetweenTwoRunsIsAsFarBetweenThem() {
        assertEquals(new Spread(1.75, 2.5, 3.25), Spread.of(List.of(4.0, 3.0, 2.0, 1.0)));
        assertEquals(new Spread(7, 7, 7), Spread.of(List.of(7.0)));
    }

    @Test
    void noRunsHaveNoMedian() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }
}
