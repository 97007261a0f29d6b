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
 * Warns in the log that receivers lag. Lock-free; called by lagging and ending receivers, never
 * while they wait. Names the bus, the receiver and numbers, never a message.
 */
final class LagLog {
    /*
     * A receiver's first lag is a line at once. Its further lags are counted, and a lag that comes
     * ten seconds or more after the last line writes one that sums up. So one slow receiver takes
     * six lines a minute at most of the number that all receivers of the bus share. There is no
     * timer: what a receiver that lags no more has left unsaid waits for its end.
     *
     * A line that the limit does not permit leaves the count as it is, and the receiver's next lag
     * tries again. A receiver that ends has no next lag: what the limit keeps it from saying is
     * added up over all such receivers, and the next line of any receiver says it.
     *
     * A receiver's count is one immutable record, replaced by compare-and-set, because another
     * thread may close the receiver while it tells of a lag. Either the close finds the lag counted
     * and says it, or the lag finds the count ended and says itself. A permit is taken before the
     * count; if the other thread was faster with the count, a permit goes unused.
     */

    /** The shortest time between two lines of one receiver, its last line apart. */
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final VarHandle UNSAID =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "unsaid", VarHandle.class, Lags.class, Unsaid.class);
    private static final VarHandle LEFT =
            ConstantBootstraps.fieldVarHandle(
                    LOOKUP, "left", VarHandle.class, LagLog.class, Left.class);

    private static final Unsaid NOTHING = new Unsaid(0, 0, 0, false, false);
    private static final Left NOBODY = new Left(0, 0);

    /** One receiver's lags, as far as the log is concerned. To be made at its first lag. */
    static final class Lags {
        final @Nullable String receiver;

        private volatile Unsaid unsaid = NOTHING;

        Lags(@Nullable String receiver) {
            this.receiver = receiver;
        }
    }

    /**
     * What no line has said yet.
     *
     * @param lags how many
     * @param missed the messages that they cost
     * @param since when the last line was written or, before the first, when the first lag was told
     * @param begun whether a line has been written
     * @param ended whether the receiver has ended
     */
    private record Unsaid(long lags, long missed, long since, boolean begun, boolean ended) {
        Unsaid plus(long more, long now) {
            boolean first = lags == 0 && !begun;
            return new Unsaid(lags + 1, missed + more, first ? now : since, begun, ended);
        }

        Unsaid end() {
            return new Unsaid(lags, missed, since, begun, true);
        }

        Unsaid said(long now) {
            return new Unsaid(0, 0, now, true, ended);
        }

        boolean isDue(long now) {
            return lags > 0 && (!begun || ended || now - since >= INTERVAL);
        }
    }

    /** What receivers that have ended were not permitted to say. */
    private record Left(long lags, long missed) {}

    private final String bus;
    private final boolean on;
    private final PerMinute limit;
    private final LongSupplier clock;
    private final Supplier<System.Logger> logger;

    private volatile Left left = NOBODY;

    LagLog(String bus, int perMinute) {
        this(bus, perMinute, System::nanoTime, BusLog.LIBRARY);
    }

    /**
     * Makes a log over a clock and logger of the caller's.
     *
     * @param perMinute the most lines in a minute, over all receivers; 0 for none
     * @param clock gives nanoseconds as {@link System#nanoTime} does
     * @param logger asked at each line only, so that creating a bus looks no logger up
     */
    LagLog(String bus, int perMinute, LongSupplier clock, Supplier<System.Logger> logger) {
        this.bus = bus;
        this.on = perMinute > 0;
        this.limit = new PerMinute(perMinute);
        this.clock = clock;
        this.logger = logger;
    }

    /** Counts a lag, and writes a line if one is due and permitted. */
    void lagged(Lags lags, long missed) {
        if (!on) {
            return;
        }
        long now = clock.getAsLong();
        Unsaid before;
        Unsaid after;
        do {
            before = lags.unsaid;
            after = before.plus(missed, now);
        } while (!UNSAID.compareAndSet(lags, before, after));
        sayIfDue(lags, after, now);
    }

    /**
     * Says what is left unsaid of a receiver that has ended. Idempotent; to be called by whoever
     * ends the receiver, once the end has taken effect.
     */
    void ended(Lags lags) {
        if (!on) {
            return;
        }
        Unsaid before;
        Unsaid after;
        do {
            before = lags.unsaid;
            after = before.end();
        } while (!UNSAID.compareAndSet(lags, before, after));
        sayIfDue(lags, after, clock.getAsLong());
    }

    private void sayIfDue(Lags lags, Unsaid unsaid, long now) {
        if (!unsaid.isDue(now)) {
            return;
        }
        if (limit.permits(now)) {
            Unsaid taken = take(lags, now);
            if (taken.lags > 0) {
                write(lags.receiver, taken, now);
            }
        } else if (unsaid.ended) {
            leave(take(lags, now));
        }
    }

    private static Unsaid take(Lags lags, long now) {
        Unsaid before;
        do {
            before = lags.unsaid;
        } while (!UNSAID.compareAndSet(lags, before, before.said(now)));
        return before;
    }

    private void leave(Unsaid taken) {
        if (taken.lags == 0) {
            return;
        }
        Left before;
        Left after;
        do {
            before = left;
            after = new Left(before.lags + taken.lags, before.missed + taken.missed);
        } while (!LEFT.compareAndSet(this, before, after));
    }

    private void write(@Nullable String receiver, Unsaid taken, long now) {
        StringBuilder line = new StringBuilder("bus ").append(bus).append(": receiver ");
        line.append(receiver == null ? "(unnamed)" : receiver);
        line.append(" fell behind and missed ").append(taken.missed).append(" messages");
        if (taken.begun || taken.lags > 1) {
            line.append(", in ").append(taken.lags).append(taken.lags == 1 ? " lag" : " lags");
            line.append(" over ").append(seconds(now - taken.since)).append(" s");
        }
        if (taken.ended) {
            line.append("; it has ended");
        }
        Left others = (Left) LEFT.getAndSet(this, NOBODY);
        if (others.lags > 0) {
            line.append("; receivers that have ended missed ").append(others.missed);
            line.append(" messages more, in ").append(others.lags);
            line.append(others.lags == 1 ? " lag" : " lags");
        }
        BusLog.write(logger, Level.WARNING, line.toString());
    }

    /** With one decimal; below zero, where another thread's clock reading is later, as zero. */
    private static String seconds(long nanos) {
        long tenths = Math.max(0, nanos) / 100_000_000;
        return tenths / 10 + "." + tenths % 10;
    }
}
