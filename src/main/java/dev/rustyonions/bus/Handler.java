package dev.rustyonions.bus;

/**
 * What to do with what a receiver is given, for {@link Receiver#consume(Handler)} and {@link
 * Receiver#consume(Handler, java.time.Duration)}. All methods are called by the thread that
 * consumes, one after the other.
 *
 * @param <E> the type of event
 * @param <X> what the methods may throw, {@link RuntimeException} for instance; it ends the loop
 */
public interface Handler<E, X extends Exception> {
    /**
     * Handles a message.
     *
     * @param message the event, and its sequence, which {@link Sender#publishSequenced} returned to
     *     the publisher
     * @throws X to end the loop
     */
    void onMessage(Message<E> message) throws X;

    /**
     * Handles the news that messages were missed.
     *
     * @param lag which, and how many
     * @throws X to end the loop
     */
    void onLag(Lagged<E> lag) throws X;

    /**
     * Handles that there has been nothing for the time of the heartbeat. Does nothing unless
     * overridden; without a heartbeat it is never called.
     *
     * @throws X to end the loop
     */
    default void onHeartbeat() throws X {}
}
