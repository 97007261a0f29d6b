package dev.rustyonions.bus;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Warns in the log of what befalls a receiver once: that its consumer ended by what it threw, that
 * publishers wait for it no more. Names the bus, the receiver and the class of what was thrown,
 * never its message, which may quote an event. Lock-free.
 */
final class ReceiverLog {
    /**
     * The most lines a minute: a consumer that is started again each time it fails must not flood
     * the log. Apart from the limit of lag warnings, since those may be turned off and may use up
     * theirs just when a consumer fails.
     */
    static final int PER_MINUTE = 10;

    private final String bus;
    private final LongSupplier clock;
    private final Supplier<System.Logger> logger;
    private final PerMinute limit = new PerMinute(PER_MINUTE);
    private final AtomicLong suppressed = new AtomicLong();

    ReceiverLog(String bus) {
        this(bus, System::nanoTime, BusLog.LIBRARY);
    }

    /** Makes a log over a clock and logger of the caller's; see {@link LagLog}. */
    ReceiverLog(String bus, LongSupplier clock, Supplier<System.Logger> logger) {
        this.bus = bus;
        this.clock = clock;
        this.logger = logger;
    }

    /** A consumer ended by something thrown. */
    void failed(@Nullable String receiver, Class<? extends Throwable> failure) {
        warn(
                "the consumer of receiver "
                        + named(receiver)
                        + " ended by "
                        + failure.getName()
                        + "; the receiver stays subscribed until it is closed");
    }

    /** A lossless receiver has become a lossy one. */
    void patienceOver(@Nullable String receiver, long id, long nanos) {
        warn(
                "publishers waited "
                        + nanos / 1_000_000
                        + " ms for receiver "
                        + (receiver == null ? "with id " + id : receiver)
                        + ", longer than its patience; from now on it misses what it is too slow"
                        + " for");
    }

    private static String named(@Nullable String receiver) {
        return receiver == null ? "(unnamed)" : receiver;
    }

    /** Writes a line if one is permitted, else counts it for the next. */
    private void warn(String text) {
        if (!limit.permits(clock.getAsLong())) {
            suppressed.getAndIncrement();
            return;
        }
        long before = suppressed.getAndSet(0);
        String left =
                before == 0 ? "" : " (" + before + " such warnings suppressed since the last)";
        BusLog.write(logger, Level.WARNING, "bus " + bus + ": " + text + left);
    }
}
