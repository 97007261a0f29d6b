package dev.rustyonions.bus.flow;

import dev.rustyonions.bus.Lagged;

/** A subscriber of {@link BusFlow#events} fell behind, and missed so many messages. */
public final class LagException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The first sequence missed. */
    private final long from;

    /** How many messages were missed. */
    private final long missed;

    LagException(Lagged<?> lag) {
        super("missed " + lag.missed() + " messages from sequence " + lag.from() + " on");
        this.from = lag.from();
        this.missed = lag.missed();
    }

    /**
     * The first sequence missed.
     *
     * @return a sequence, at least 0
     */
    public long from() {
        return from;
    }

    /**
     * How many messages were missed.
     *
     * @return at least 1
     */
    public long missed() {
        return missed;
    }
}
