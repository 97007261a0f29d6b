package dev.rustyonions.bus;

import java.lang.System.Logger.Level;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/** One observer and the promise that what it throws harms nobody. */
final class Observation {
    /** The longest period of samples; what is longer is rounded down to it. */
    private static final int MAX_EVERY = 1 << 30;

    private static final VarHandle FAILED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(),
                    "failed",
                    VarHandle.class,
                    Observation.class,
                    boolean.class);

    private final BusObserver observer;
    private final String bus;
    private final int sampleMask;

    /** Whether a failure has been logged. */
    private volatile boolean failed;

    Observation(BusObserver observer, String bus) {
        this.observer = observer;
        this.bus = bus;
        int every = observer.sampleEvery();
        if (every < 0) {
            throw new IllegalArgumentException(
                    "sampleEvery() of "
                            + observer.getClass().getName()
                            + ": "
                            + every
                            + "; allowed are 0, for none, and more");
        }
        this.sampleMask = every == 0 ? -1 : roundUp(every) - 1;
    }

    private static int roundUp(int every) {
        return every >= MAX_EVERY || every == 1
                ? Math.min(every, MAX_EVERY)
                : Integer.highestOneBit(every - 1) << 1;
    }

    boolean isSampling() {
        return sampleMask >= 0;
    }

    /** A sequence is sampled if it has none of these bits. Of those that sample only. */
    int sampleMask() {
        return sampleMask;
    }

    void lagged(Optional<String> receiver, Lagged<?> lag) {
        try {
            observer.lagged(receiver, lag);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void published(long sequence, long nanos) {
        try {
            observer.published(sequence, nanos);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void received(Optional<String> receiver, long sequence, long nanos) {
        try {
            observer.received(receiver, sequence, nanos);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void ended(ReceiverStats receiver) {
        try {
            observer.ended(receiver);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void waited(Optional<String> receiver, long nanos) {
        try {
            observer.waited(receiver, nanos);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void patienceOver(Optional<String> receiver, long nanos) {
        try {
            observer.patienceOver(receiver, nanos);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    void failed(Optional<String> receiver, Class<? extends Throwable> failure) {
        try {
            observer.failed(receiver, failure);
        } catch (Throwable e) {
            dropped(e);
        }
    }

    private void dropped(Throwable e) {
        if (!failed && FAILED.compareAndSet(this, false, true)) {
            BusLog.write(
                    BusLog.LIBRARY,
                    Level.WARNING,
                    "bus "
                            + bus
                            + ": observer "
                            + observer.getClass().getName()
                            + " failed; further failures of it are not logged",
                    e);
        }
    }
}
