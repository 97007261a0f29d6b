package dev.rustyonions.bus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rustyonions.bus.bench.stat.Pairs;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What slices taken in turn say of two sides, on a machine that does other things as well. */
class SliceTest {
    private static final int PASSES = 100;
    private static final double EXACTLY = 1e-9;

    private final List<Slice> subject = new ArrayList<>();
    private final List<Slice> baseline = new ArrayList<>();

    @Test
    void aSlowSpellOfMostPassesDoesNotChangeTheRatio() {
        for (int slow = 0; slow <= 60; slow += 10) {
            subject.clear();
            baseline.clear();
            for (int pass = 0; pass < PASSES; pass++) {
                subject.add(new Slice(pass < slow ? 2.4 : 1.2, 1));
                baseline.add(new Slice(pass < slow - 10 ? 2 : 1, 1));
            }
            assertEquals(1.2, ratio(1), EXACTLY);
        }
    }

    @Test
    void interruptedSlicesOfEitherSideDoNotChangeTheRatio() {
        for (int pass = 0; pass < PASSES; pass++) {
            subject.add(new Slice(pass % 5 == 0 ? 50 : 1.2, 1));
            baseline.add(new Slice(pass % 5 == 1 ? 80 : 1, 1));
        }
        assertEquals(1.2, ratio(1), EXACTLY);
    }

    @Test
    void ofContendingThreadsOnlyPassesCountInWhichTheyHadTheProcessors() {
        for (int pass = 0; pass < PASSES; pass++) {
            boolean alone = pass % 3 != 0;
            subject.add(alone ? new Slice(16, 1.0) : new Slice(20, 1.9));
            baseline.add(alone ? new Slice(7, 1.0) : new Slice(25, 1.9));
        }
        assertEquals(0.8, ratio(4), EXACTLY);
        assertEquals(20, Slice.pairs(subject, null, 4, Pairs.MIDDLE).ratio(), EXACTLY);
    }

    @Test
    void slicesComeOutOfTheirTextAsTheyWentIn() {
        List<Slice> slices = List.of(new Slice(1.5, 1), new Slice(0.25, 1.75));
        assertEquals(slices, Slice.parse(Slice.format(slices)));
    }

    private double ratio(int oneIn) {
        return Slice.pairs(subject, baseline, oneIn, Pairs.LOW).ratio();
    }
}
