package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * Is told of what happens on a {@link Channel} beside messages. Called in the thread in which it
 * happens, never while that thread is enlisted for a wake-up or owes others theirs. Must not throw.
 */
public interface ChannelListener {
    /** Tells nobody. */
    ChannelListener NOBODY =
            new ChannelListener() {
                @Override
                public void woke(int enlisted) {}

                @Override
                public void ended(
                        @Nullable Object label, long delivered, long filtered, long missed) {}
            };

    /**
     * Receivers are being woken.
     *
     * @param enlisted how many enlistments a publisher or the close has set about waking, or a
     *     receiver that found too many left behind; those of receivers that have left or are just
     *     leaving included
     */
    void woke(int enlisted);

    /**
     * The account of a receiver has ended. Called once for each.
     *
     * @param label what the receiver is called, or null
     * @param delivered messages it was given
     * @param filtered messages its filter refused
     * @param missed messages it missed, told or not, of those published since it subscribed
     */
    void ended(@Nullable Object label, long delivered, long filtered, long missed);
}
