package dev.rustyonions.bus.ring;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * Offers that do not wait, receives of lossless receivers, one of which subscribes late to all that
 * is retained, evictions and the close take effect at one moment each: what they return is what
 * {@link Sequential} returns in some order. So nothing that a receiver is owed is overwritten, and
 * no room is refused.
 */
public class OfferIsLinearizableTest {
    private static final int CAPACITY = 2;
    private static final String NOBODY = "nobody";

    /*
     * In a static field, because the checker does not follow what is shared through captured
     * variables only.
     */
    private static Channel shared;

    private final Channel channel = new Channel(new NumberRing(CAPACITY), 0, false);
    private final TestCursor early = new TestCursor(channel, new Start.Now());
    private TestCursor late;

    /** The window is full. */
    public OfferIsLinearizableTest() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    @Operation
    public long offer(int event) {
        return channel.submit(event, 0);
    }

    @Operation
    public boolean close() {
        return channel.close();
    }

    // A receiver belongs to one thread.
    @Operation(nonParallelGroup = "early")
    public String receive() {
        return early.tryReceive();
    }

    @Operation
    public void evict() {
        channel.evict(early.id());
    }

    @Operation(nonParallelGroup = "late")
    public void subscribeLate() {
        if (late == null) {
            late = new TestCursor(channel, new Start.Last(CAPACITY));
        }
    }

    @Operation(nonParallelGroup = "late")
    public String receiveLate() {
        return late == null ? NOBODY : late.tryReceive();
    }

    @Test
    void everyOutcomeIsOneOfSomeSequentialOrder() {
        new ModelCheckingOptions()
                .sequentialSpecification(Sequential.class)
                .iterations(Effort.FULL ? 20 : 5)
                .invocationsPerIteration(Effort.INVOCATIONS)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(3)
                .check(OfferIsLinearizableTest.class);
    }

    @Test
    void whatALateReceiverStartsWithIsNotOverwritten() {
        Lincheck.runConcurrentTest(
                Effort.INVOCATIONS,
                () -> {
                    shared = new Channel(new NumberRing(CAPACITY), 0, false);
                    for (int i = 0; i < CAPACITY; i++) {
                        shared.submit(i, 0);
                    }
                    Threads publisher = new Threads();
                    publisher.run(() -> shared.submit("late", 0));
                    TestCursor subscriber = new TestCursor(shared, new Start.Last(CAPACITY));
                    publisher.join();
                    String first = subscriber.tryReceive();
                    assertFalse(first.startsWith("lagged"), first);
                });
    }

    /** The same operations in one thread: a list, and a position for each receiver. */
    public static final class Sequential {
        private static final int NONE = -1;

        private final List<Integer> published = new ArrayList<>();
        private boolean closed;
        private String endOfEarly = "";
        private int early;
        private int late = NONE;

        public Sequential() {
            for (int i = 0; i < CAPACITY; i++) {
                published.add(i);
            }
        }

        public long offer(int event) {
            if (closed) {
                return Ring.CLOSED;
            }
            int overwritten = published.size() - CAPACITY;
            if ((endOfEarly.isEmpty() && early <= overwritten)
                    || (late != NONE && late <= overwritten)) {
                return Ring.TIMED_OUT;
            }
            published.add(event);
            return published.size() - 1;
        }

        public boolean close() {
            boolean first = !closed;
            closed = true;
            return first;
        }

        public String receive() {
            if (!endOfEarly.isEmpty()) {
                return endOfEarly;
            }
            if (early < published.size()) {
                return published.get(early) + " at " + early++;
            }
            if (closed) {
                endOfEarly = "BUS_CLOSED";
            }
            return closed ? endOfEarly : "EMPTY";
        }

        public void evict() {
            if (endOfEarly.isEmpty()) {
                endOfEarly = "EVICTED";
            }
        }

        public void subscribeLate() {
            if (late == NONE) {
                late = published.size() - CAPACITY;
            }
        }

        public String receiveLate() {
            if (late == NONE) {
                return NOBODY;
            }
            if (late < published.size()) {
                return published.get(late) + " at " + late++;
            }
            return closed ? "BUS_CLOSED" : "EMPTY";
        }
    }
}
