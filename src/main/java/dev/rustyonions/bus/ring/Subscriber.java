package dev.rustyonions.bus.ring;

/** What an account knows of its receiver: what others may ask of it, from any thread. */
interface Subscriber {
    /** Whether a thread waits in the receiver for something to receive. */
    boolean isWaiting();

    /** Makes the thread that waits in the receiver, if there is one, look at once. */
    void unparkOwner();

    /**
     * Ends the subscription for the reason given, unless it has ended before. The thread that waits
     * in the receiver returns.
     *
     * @return whether this call ended it
     */
    boolean end(NoMessage why);
}
