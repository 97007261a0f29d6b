package dev.rustyonions.bus.sse;

import java.util.concurrent.atomic.AtomicReference;

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
            Thread.yield(); // the watch may need the carrier of this thread
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
                cutOff.run();
                thread.interrupt();
            } finally {
                state.set(Done.INTERRUPTED);
            }
        }
    }
}
