package dev.rustyonions.bus.ring;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * However far the hint is behind, claims, the tail and the close agree on one order: the walk and
 * the search end at the tail.
 */
public class RingTailIsLinearizableTest {
    /** More than a publisher walks before it searches. */
    private static final int BEFORE = 12;

    private final Ring ring = new NumberRing(16);

    public RingTailIsLinearizableTest() {
        for (int i = 0; i < BEFORE; i++) {
            ring.claim(i, i);
        }
    }

    /** As a publisher does that read the hint before everybody else published. */
    @Operation
    public long claimFromTheStart() {
        return ring.claim(0, "late");
    }

    @Operation
    public long publish() {
        return ring.publish("event");
    }

    /** As a publisher that was preempted before it stored the hint: sets it back. */
    @Operation
    public void setHintBack() {
        ring.advanceHint(1);
    }

    @Operation
    public long tail() {
        return ring.tail();
    }

    @Operation
    public boolean close() {
        return ring.close();
    }

    @Test
    void everyOutcomeIsOneOfSomeSequentialOrder() {
        new ModelCheckingOptions()
                .sequentialSpecification(Sequential.class)
                .iterations(Effort.FULL ? 20 : 5)
                .invocationsPerIteration(Effort.INVOCATIONS)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .check(RingTailIsLinearizableTest.class);
    }

    /** A count of what was published, and whether it goes on. */
    public static final class Sequential {
        private long published = BEFORE;
        private boolean closed;

        public long claimFromTheStart() {
            return publish();
        }

        public long publish() {
            return closed ? Ring.CLOSED : published++;
        }

        public void setHintBack() {}

        public long tail() {
            return published;
        }

        public boolean close() {
            boolean first = !closed;
            closed = true;
            return first;
        }
    }
}
