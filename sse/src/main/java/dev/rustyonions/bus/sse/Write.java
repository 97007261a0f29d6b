package dev.rustyonions.bus.sse;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The write of one client that is under way, if one is. The client's thread begins and ends it; the
 * watch may cut it off.
 */
final class Write {
    /*
     * The watch interrupts the thread only between its own compare-and-set from "under way" to "cut
     * off" and its mark "interrupted". The thread that ends its write finds "under way", and then
     * it is not interrupted any more, or waits for the mark. So no interrupt reaches the thread
     * after it has left, when the server may have given it another task.
     */
    private sealed interface State {}

    private record UnderWay(long began) implements State {}

    private enum Done implements State {
        NONE,
        CUT_OFF,
        INTERRUPTED
    }

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private final Thread thread;
    private final Runnable cutOff;
    private final AtomicReference<State> state = new AtomicReference<>(Done.NONE);

    /**
     * Makes one for the current thread.
     *
     * @param cutOff run by the watch when it cuts a write off
     */
    Write(Runnable cutOff) {
        this.thread = Thread.currentThread();
        this.cutOff = cutOff;
    }

    void begin() {
        state.set(new UnderWay(System.nanoTime()));
    }

    /** Ends the write; false if it has been cut off, and then the thread is not interrupted. */
    boolean end() {
        State now = state.get();
        if (now instanceof UnderWay && state.compareAndSet(now, Done.NONE)) {
            return true;
        }
        while (state.get() != Done.INTERRUPTED) {
            if (Thread.interrupted()) {
                continue; // the watch's: parking would return at once
            }
            LockSupport.parkNanos(this, LOOK_NANOS); // the watch may need this thread's carrier
        }
        Thread.interrupted(); // the watch's, for the write alone
        return false;
    }

    void cutOffIfBegunBefore(long time) {
        State now = state.get();
        if (now instanceof UnderWay(long began)
                && began - time < 0
                && state.compareAndSet(now, Done.CUT_OFF)) {
            try {
                thread.interrupt(); // first: this alone ends the write
                cutOff.run();
            } finally {
                state.set(Done.INTERRUPTED);
            }
        }
    }
}
