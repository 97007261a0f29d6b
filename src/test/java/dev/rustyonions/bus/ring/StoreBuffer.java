package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A waiter on a processor that keeps its arming store to itself until a fence, and a publisher on
 * another that publishes right after the waiter has looked. Run with {@link Waiter}'s fences
 * calling {@link #fence}.
 */
public final class StoreBuffer implements Callable<Boolean> {
    private static @Nullable Runnable drain;

    /** What stands in for a full fence. */
    public static void fence() {
        if (drain != null) {
            drain.run();
        }
    }

    /** Whether the waiter was woken. */
    @Override
    public Boolean call() {
        List<Thread> unparked = new ArrayList<>();
        NumberRing ring = new NumberRing(4);
        Channel[] channel = new Channel[1];
        WaitStack stack =
                new WaitStack() {
                    private boolean buffered;
                    private @Nullable WaitNode expected;
                    private @Nullable WaitNode node;

                    @Override
                    boolean casTop(@Nullable WaitNode expected, @Nullable WaitNode node) {
                        if (drain == null) {
                            return super.casTop(expected, node);
                        }
                        buffered = true;
                        this.expected = expected;
                        this.node = node;
                        return true;
                    }

                    void drained() {
                        if (buffered) {
                            buffered = false;
                            super.casTop(expected, node);
                        }
                    }

                    @Override
                    void park(Object blocker) {
                        channel[0].publish(0L);
                        drained();
                        drain = null;
                        // Back from a sleep that without an unpark would have had no end.
                        Thread.currentThread().interrupt();
                    }

                    @Override
                    void unpark(@Nullable Thread thread) {
                        unparked.add(thread);
                    }

                    {
                        drain = this::drained;
                    }
                };
        channel[0] = new Channel(ring, 0, false, stack, stack);
        Cursor cursor = new Cursor(channel[0], new Start.Now(), false, null) {};
        cursor.await(Cursor.FOREVER);
        Thread.interrupted();
        return unparked.contains(Thread.currentThread());
    }
}
