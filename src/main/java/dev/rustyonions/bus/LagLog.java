package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Warns in the log that receivers lag, at most so many times a minute. Lock-free; called by lagging
 * receivers, never while they wait. Names the bus, the receiver and the number of messages, never a
 * message.
 */
final class LagLog {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final VarHandle MINUTE_BEGAN =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "minuteBegan", VarHandle.class, LagLog.class, long.class);
    private static final VarHandle WRITTEN =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "written", VarHandle.class, LagLog.class, int.class);
    private static final VarHandle SUPPRESSED =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "suppressed", VarHandle.class, LagLog.class, long.class);

    private final String bus;
    private final int perMinute;
    private final LongSupplier clock;
    private final Supplier<System.Logger> logger;

    private volatile long minuteBegan;
    private volatile int written;

    private volatile long suppressed;

    LagLog(String bus, int perMinute) {
        this(bus, perMinute, System::nanoTime, () -> Holder.LOGGER);
    }

    /**
     * Makes a log over a clock and logger of the caller's.
     *
     * @param clock gives nanoseconds as {@link System#nanoTime} does
     * @param logger asked at each warning only, so that creating a bus looks no logger up
     */
    LagLog(String bus, int perMinute, LongSupplier clock, Supplier<System.Logger> logger) {
        this.bus = bus;
        this.perMinute = perMinute;
        this.clock = clock;
        this.logger = logger;
        this.written = perMinute; // a minute that is over: the first lag begins one
        this.minuteBegan = clock.getAsLong() - MINUTE;
    }

    /** Warnings suppressed since the last that was written. */
    long suppressed() {
        return suppressed;
    }

    /**
     * Warns of a lag, or counts the warning as suppressed. What the logger throws is dropped: the
     * receiver has a lag to tell of.
     */
    void lagged(@Nullable String receiver, long missed) {
        if (perMinute == 0) {
            return;
        }
        long now = clock.getAsLong();
        long began = minuteBegan;
        if (now - began >= MINUTE && MINUTE_BEGAN.compareAndSet(this, began, now)) {
            written = 0;
        }
        if (written >= perMinute || (int) WRITTEN.getAndAdd(this, 1) >= perMinute) {
            SUPPRESSED.getAndAdd(this, 1L);
            return;
        }
        try {
            write(receiver, missed, (long) SUPPRESSED.getAndSet(this, 0L));
        } catch (Throwable dropped) {
            // Totals and metrics hold the loss as well.
        }
    }

    private void write(@Nullable String receiver, long missed, long suppressedBefore) {
        // Numbers as text: a message format would group their digits by locale.
        logger.get()
                .log(
                        Level.WARNING,
                        "bus {0}: receiver {1} fell behind and missed {2} messages ({3} such warnings suppressed since the last)",
                        bus,
                        receiver == null ? "(unnamed)" : receiver,
                        Long.toString(missed),
                        Long.toString(suppressedBefore));
    }

    /** Looks the logger up at the first warning, so that creating a bus does not. */
    private static final class Holder {
        static final System.Logger LOGGER = System.getLogger("dev.rustyonions.bus");
    }
}
