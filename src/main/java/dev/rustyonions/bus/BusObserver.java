package dev.rustyonions.bus;

import java.util.Optional;

/**
 * Is told of what totals cannot show: each lag, each receiver that ends, each consumer that fails,
 * each wait of a publisher, and the cost and latency of sampled messages. For metrics and tracing;
 * {@link Bus#observe} registers one.
 *
 * <p>The methods are called by the thread that publishes, receives or closes, or that notices an
 * abandoned receiver while it subscribes, reads statistics or waits until receivers are idle. Never
 * while it is enlisted for a wake-up, and concurrently by many threads. They must return quickly
 * and must not use the bus. What they throw is logged once and otherwise dropped: it changes
 * nothing for the publisher or receiver.
 *
 * <p>Samples are chosen by sequence: of every {@code n} messages the one whose sequence is a
 * multiple of {@code n}. No method is given an event.
 */
public interface BusObserver {
    /**
     * One in how many messages is sampled. Asked once, at registration.
     *
     * @return 1 to 2^30, rounded up to a power of two; more counts as 2^30; 0 for no samples, which
     *     leaves publish and receive as if there were no observer
     */
    default int sampleEvery() {
        return 0;
    }

    /**
     * A receiver was told of a lag; its account holds the loss already. Not called for a lag that
     * lost nothing but messages from before the subscription.
     *
     * @param receiver the receiver's name, if it has one
     * @param lag what it lost of what was published since it subscribed
     */
    default void lagged(Optional<String> receiver, Lagged<?> lag) {}

    /**
     * A sampled message was published.
     *
     * @param sequence the message sampled; with publishers contending for it, one of those next to
     *     it
     * @param nanos what the publication took its thread, waits for lossless receivers, wake-ups and
     *     two readings of the clock included; of a batch, the time divided by its events
     */
    default void published(long sequence, long nanos) {}

    /**
     * A sampled message was taken by a receiver that had subscribed before it was published, and
     * whose filter it passed.
     *
     * @param receiver the receiver's name, if it has one
     * @param sequence the message sampled
     * @param nanos from the beginning of its publication, or of its batch's, until the receiver
     *     took it
     */
    default void received(Optional<String> receiver, long sequence, long nanos) {}

    /**
     * A receiver's subscription has ended: it was closed or evicted, it was told that the bus is
     * closed, or it was noticed to be abandoned. Called once for each receiver, by the thread that
     * ended it or noticed.
     *
     * @param receiver its last account, with a depth of 0; the losses that it was never told of are
     *     in it. If another thread ended it in the middle of a lag, the loss of that lag is in the
     *     bus's total only
     */
    default void ended(ReceiverStats receiver) {}

    /**
     * A publisher has waited for a lossless receiver, whether it got room or not. Called by the
     * publisher, after the wait.
     *
     * @param receiver the name of the receiver that was found in its way first, if it has one
     * @param nanos for how long
     */
    default void waited(Optional<String> receiver, long nanos) {}

    /**
     * A lossless receiver has become a lossy one, since publishers waited for it longer than its
     * patience. Called once for such a receiver, by a publisher that waits.
     *
     * @param receiver the receiver's name, if it has one
     * @param nanos for how long they waited at the message at which it stands
     */
    default void patienceOver(Optional<String> receiver, long nanos) {}

    /**
     * {@link Receiver#consume} is about to end by something thrown, by a handler, the filter or
     * the key function for instance. The receiver stays subscribed until it is closed.
     *
     * @param receiver the receiver's name, if it has one
     * @param failure the class of what was thrown; not the thrown object, whose message may quote
     *     an event
     */
    default void failed(Optional<String> receiver, Class<? extends Throwable> failure) {}

    /** What ends an observation. */
    interface Registration extends AutoCloseable {
        /**
         * Ends the observation; calls under way may still come to their end. Idempotent; does not
         * block.
         */
        @Override
        void close();
    }
}
