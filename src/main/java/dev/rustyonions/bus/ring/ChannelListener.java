package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * Is told of what happens on a {@link Channel} beside messages. Called in the thread in which it
 * happens, never while that thread is enlisted for a wake-up or owes others theirs. Must not throw.
 */
public interface ChannelListener {
    /** Tells nobody. */
    ChannelListener NOBODY = new ChannelListener() {};

    /**
     * Receivers are being woken.
     *
     * @param enlisted how many enlistments a publisher or the close has set about waking, or a
     *     receiver that found too many left behind; those of receivers that have left or are just
     *     leaving included
     */
    default void woke(int enlisted) {}

    /**
     * The account of a receiver has ended. Called once for each.
     *
     * @param account the account
     * @param missed messages it missed, told or not, of those published since it subscribed
     */
    default void ended(ReceiverView account, long missed) {}

    /**
     * A publisher has waited for room, whether it got it or not.
     *
     * @param holder what the receiver is called that was found in its way first; null if it has no
     *     name
     * @param nanos for how long
     */
    default void waited(@Nullable Object holder, long nanos) {}

    /**
     * A lossless receiver has become a lossy one, since publishers waited for it longer than its
     * patience. Called once for each.
     *
     * @param account the receiver's account
     * @param nanos for how long they waited at the message at which it stands
     */
    default void patienceOver(ReceiverView account, long nanos) {}

    /**
     * The channel has been closed. Called once, by the call that closed it, though an error ends
     * that call.
     *
     * @param published how many messages have been published
     * @param receivers how many receivers have not ended yet
     */
    default void closed(long published, int receivers) {}
}
