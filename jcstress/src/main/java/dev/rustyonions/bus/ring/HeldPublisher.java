package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * A channel of two messages with a full window and a lossless receiver that has taken none, and the
 * actor that submits a third. It looks for room only when it is woken, so nothing makes up for a
 * wake-up that is lost.
 */
final class HeldPublisher {
    /** The submit ended after so long that its wake-up must have been lost. */
    static final String TIMED_OUT = "timed out";

    private static final int CAPACITY = 2;
    private static final long LONG = 2_000_000_000;

    final Room room;
    final Channel channel;
    final LosslessCursor cursor;

    private volatile @Nullable Thread publisher;
    private volatile @Nullable Thread woken;

    HeldPublisher() {
        NumberRing ring = new NumberRing(CAPACITY);
        room =
                new Room(ring) {
                    @Override
                    long relook(boolean first) {
                        return Long.MAX_VALUE;
                    }

                    @Override
                    void unpark(Thread thread) {
                        woken = thread;
                        super.unpark(thread);
                    }
                };
        channel = new Channel(ring, 0, false, new WaitStack(), new WaitStack(), room);
        cursor = new LosslessCursor(channel, new Start.Now());
        for (int i = 0; i < CAPACITY; i++) {
            channel.publish(i);
        }
    }

    /** Submits the third message: the sequence, or why there is none. */
    String submit() {
        publisher = Thread.currentThread();
        long began = System.nanoTime();
        long sequence = channel.submit("third", LONG);
        if (System.nanoTime() - began >= LONG) {
            return TIMED_OUT; // if it has got its room in the end, nobody told it
        }
        return sequence == Ring.CLOSED ? "closed" : Long.toString(sequence);
    }

    /** How the submit came to its room, once it has ended. */
    String how() {
        if (channel.publisherWaits() == 0) {
            return "at once";
        }
        return woken == publisher ? "woken" : "joined";
    }
}
