package dev.rustyonions.bus.bench.peer;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * One receiver's account, kept by its handler from the ticks alone: the same for the bus and every
 * peer.
 *
 * <p>A producer's ticks are numbered without gaps, so a gap is a loss and a step back is a broken
 * order.
 */
public final class Ledger {
    private static final VarHandle DELIVERED =
            ConstantBootstraps.fieldVarHandle(
                    MethodHandles.lookup(), "delivered", VarHandle.class, Ledger.class, long.class);

    private final long[] next;
    private final Consumer<Tick> onTick;
    private long delivered;
    private long gaps;
    private long told;
    private long lags;
    private volatile boolean ended;

    /** An account of {@code producers} producers that hands each tick on to {@code onTick}. */
    public Ledger(int producers, Consumer<Tick> onTick) {
        this.next = new long[producers];
        this.onTick = onTick;
    }

    void take(Tick tick) {
        long expected = next[tick.producer()];
        if (tick.index() != expected) {
            if (tick.index() < expected) {
                throw new IllegalStateException(
                        "tick " + tick.index() + " after " + (expected - 1) + " of one producer");
            }
            gaps += tick.index() - expected;
        }
        next[tick.producer()] = tick.index() + 1;
        DELIVERED.setOpaque(this, delivered + 1);
        onTick.accept(tick);
    }

    /** The system under test says that ticks were lost. */
    void tell(long missed) {
        told += missed;
        lags++;
    }

    /** The stream has ended for this receiver, in the regular way. */
    void end() {
        ended = true;
    }

    /** Ticks received, readable while the run lasts. */
    public long delivered() {
        return (long) DELIVERED.getOpaque(this);
    }

    /** Losses told to the receiver, and in how many parts. */
    public long told() {
        return told;
    }

    /** How many times the receiver was told of a loss. */
    public long lags() {
        return lags;
    }

    /**
     * Settles the account after the run, against the producers' own counts.
     *
     * @return the ticks this receiver did not get
     * @throws IllegalStateException if the receiver left early, or the account does not balance
     */
    public long missed(long[] published) {
        if (!ended) {
            throw new IllegalStateException("a receiver left before the end of the stream");
        }
        long missed = gaps;
        long total = 0;
        for (int i = 0; i < next.length; i++) {
            missed += published[i] - next[i];
            total += published[i];
        }
        if (delivered + missed != total) {
            throw new IllegalStateException(
                    "published " + total + ", delivered " + delivered + ", missed " + missed);
        }
        return missed;
    }
}
