package dev.rustyonions.bus.example.streams;

import dev.rustyonions.bus.SubscribeOptions;
import dev.rustyonions.bus.flow.LagException;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Where a stream that a lag has ended begins anew: behind what it missed, and not later. */
public final class AfterLag<E> implements Consumer<SubscribeOptions<E>> {
    private static final long NOW = -1;

    private final LongConsumer onLag;
    private volatile long next = NOW;

    /**
     * Begins with the next event published.
     *
     * @param onLag called with the number of messages missed, for each lag
     */
    public AfterLag(LongConsumer onLag) {
        this.onLag = onLag;
    }

    /** To be called with each lag, before the stream is subscribed to again. */
    public void missed(LagException lag) {
        next = lag.from() + lag.missed();
        onLag.accept(lag.missed());
    }

    /** The options of each subscription. */
    @Override
    public void accept(SubscribeOptions<E> options) {
        if (next != NOW) {
            options.from(next);
        }
    }
}
