package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/**
 * Runs the delicate operations once, when the engine is loaded.
 *
 * <p>The first execution of a VarHandle call makes the JVM link it, which takes more stack than
 * {@link StackProbe} touches. Without this the first receive of a JVM, made in a deep call, could
 * overflow between arming and disarming though the probe had passed.
 */
public final class WarmUp {
    private WarmUp() {}

    @SuppressWarnings(
            "EmptyCatch") // a warm-up that fails, in a deep call itself, leaves the rest for later
    public static void run() {
        try {
            receiveAndLag();
            holdUpAndSubmit();
            wakeAndServe();
        } catch (StackOverflowError | OutOfMemoryError e) {
            // What is not linked now is linked at its first use. A class in whose initialisation
            // the error struck stays unusable: bounds of I-10 in INVARIANTS.md.
        } finally {
            // The waits above have used up the permit of this thread, if it had one. Given back
            // when it had none, a permit makes the next park return at once, as any park may.
            LockSupport.unpark(Thread.currentThread());
        }
    }

    private static void receiveAndLag() {
        Channel channel = new Channel(new Numbers(), 0, true);
        Cursor cursor = new Cursor(channel, new Start.Now(), false, null) {};
        cursor.await(1);
        for (int i = 0; i < 3; i++) {
            channel.publish(i);
        }
        while (cursor.peek() == NoMessage.LAGGED) {
            cursor.lagTold();
        }
        cursor.takeDelivered(1); // the message in hand
        cursor.takeFiltered(2);
        cursor.countAccepted();
        Appender appender = channel.appender(0, true);
        appender.append(0);
        appender.append(0);
        appender.commit();
        cursor.peek();
        cursor.takeDelivered(3);
        cursor.takeRun(1, Long.MAX_VALUE, message -> {});
        channel.close();
        cursor.peek();
        cursor.unsubscribe();
    }

    private static void holdUpAndSubmit() {
        Channel channel = new Channel(new Numbers(), 0, false);
        Cursor cursor = new Cursor(channel, new Start.Now(), false, null, Cursor.FOREVER) {};
        for (int i = 0; i < 3; i++) {
            channel.submit(i, 1);
        }
        cursor.peek();
        cursor.takeConflated(0);
        channel.submit(0, 0);
        cursor.unsubscribe();
    }

    private static void wakeAndServe() {
        WaitStack stack = new WaitStack();
        Thread self = Thread.currentThread();
        WaitNode below = stack.arm(null, self, 1);
        WaitNode top = stack.arm(null, self, 1);
        stack.wakeIfAny(true);
        stack.disarm(top); // serves the share that holds the other
        stack.disarm(below);
    }

    /** A ring of the smallest size whose messages are their own sequences. */
    private static final class Numbers extends Ring {
        Numbers() {
            super(2);
        }

        @Override
        protected Object message(long sequence, Object event) {
            return sequence;
        }

        @Override
        protected long sequenceOf(@Nullable Object cell) {
            return cell instanceof Long sequence ? sequence : NO_SEQUENCE;
        }

        @Override
        protected Object copyOf(Object message) {
            return message; // nothing stalls here
        }
    }
}
