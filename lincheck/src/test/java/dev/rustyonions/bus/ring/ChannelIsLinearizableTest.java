package dev.rustyonions.bus.ring;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * Publish, try to receive, subscribe and close take effect at one moment each: what they return is
 * what {@link Sequential} returns in some order.
 */
public class ChannelIsLinearizableTest {
    private static final int CAPACITY = 2;

    private final Channel channel = new Channel(new NumberRing(CAPACITY), 0, false);
    private TestCursor cursor = new TestCursor(channel);

    /** The ring is full, so that one more event makes the receiver lag. */
    public ChannelIsLinearizableTest() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    @Operation
    public long publish(int event) {
        return channel.publish(event);
    }

    @Operation
    public boolean close() {
        return channel.close();
    }

    // A receiver belongs to one thread.
    @Operation(nonParallelGroup = "receiver")
    public String tryReceive() {
        return cursor.tryReceive();
    }

    @Operation(nonParallelGroup = "receiver")
    public void subscribe() {
        cursor = new TestCursor(channel);
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
                .check(ChannelIsLinearizableTest.class);
    }

    /**
     * The same operations in one thread: a list, the position of the receiver, and the message it
     * holds after a lag.
     */
    public static final class Sequential {
        private final List<Integer> published = new ArrayList<>();
        private boolean closed;
        private int position;
        private boolean held;

        public Sequential() {
            for (int i = 0; i < CAPACITY; i++) {
                publish(i);
            }
        }

        public long publish(int event) {
            if (closed) {
                return Ring.CLOSED;
            }
            published.add(event);
            return published.size() - 1;
        }

        public boolean close() {
            boolean first = !closed;
            closed = true;
            return first;
        }

        public String tryReceive() {
            int oldest = published.size() - CAPACITY;
            if (position < oldest && !held) {
                String lagged = "lagged from " + position + " by " + (oldest - position);
                position = oldest;
                held = true;
                return lagged;
            }
            held = false;
            if (position < published.size()) {
                String message = published.get(position) + " at " + position;
                position++;
                return message;
            }
            return closed ? "BUS_CLOSED" : "EMPTY";
        }

        public void subscribe() {
            position = published.size();
            held = false;
        }
    }
}
