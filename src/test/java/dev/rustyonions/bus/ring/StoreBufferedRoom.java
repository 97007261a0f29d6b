package dev.rustyonions.bus.ring;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A publisher and a lossless receiver, one of them on a processor that keeps its stores to itself
 * until a fence. Run with the calls that store, and the fences, turned into those of this class.
 */
public final class StoreBufferedRoom {
    private static final int CAPACITY = 2;

    private static final List<Runnable> buffer = new ArrayList<>();

    private final NumberRing ring = new NumberRing(CAPACITY);
    private final List<Thread> unparked = new ArrayList<>();

    /** Whether the publisher parked and was not unparked. */
    private boolean lost;

    /** What the others do while the publisher is parked. */
    private Runnable meanwhile = () -> {};

    private final Channel channel =
            new Channel(
                    ring,
                    0,
                    false,
                    new WaitStack(),
                    new WaitStack(),
                    new Room(ring) {
                        @Override
                        void parkNanos(long nanos) {
                            meanwhile.run();
                            drain();
                            // Back from a sleep that without an unpark would have had no end.
                            lost = !unparked.contains(Thread.currentThread());
                        }

                        @Override
                        void unpark(Thread thread) {
                            unparked.add(thread);
                        }
                    });
    private final SteppedCursor cursor =
            new SteppedCursor(channel, new Start.Now(), Cursor.FOREVER);

    private StoreBufferedRoom() {
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    private boolean isNoticed() {
        return channel.submit("waits", Cursor.FOREVER) == CAPACITY && !lost;
    }

    private static void drain() {
        List<Runnable> stores = List.copyOf(buffer);
        buffer.clear();
        stores.forEach(Runnable::run);
    }

    // ---- what stands in for the calls of the engine ----

    /** A full fence. */
    public static void fullFence() {
        drain();
    }

    /** The store of a position. */
    static void setRelease(VarHandle field, Account account, long position) {
        buffer.add(() -> field.setRelease(account, position));
    }

    /** The count of those who wait. */
    static void getAndAdd(VarHandle field, Room room, int more) {
        buffer.add(() -> field.getAndAdd(room, more));
    }

    /** The entry in the queue. */
    static boolean add(ConcurrentLinkedQueue<Object> queue, Object place) {
        buffer.add(() -> queue.add(place));
        return true;
    }

    // ---- scenarios ----

    /**
     * The receiver keeps its position to itself, and the publisher joins as soon as the receiver
     * has read the count of those who wait.
     */
    public static final class Step implements Callable<Boolean> {
        /** Whether one of the two noticed the other. */
        @Override
        public Boolean call() {
            StoreBufferedRoom scenario = new StoreBufferedRoom();
            scenario.cursor.poll();
            return scenario.isNoticed();
        }
    }

    /**
     * The publisher keeps its joining to itself, and the receiver takes a message as soon as the
     * publisher has looked for room.
     */
    public static final class Join implements Callable<Boolean> {
        /** Whether one of the two noticed the other. */
        @Override
        public Boolean call() {
            StoreBufferedRoom scenario = new StoreBufferedRoom();
            scenario.meanwhile = scenario.cursor::poll;
            return scenario.isNoticed();
        }
    }
}
