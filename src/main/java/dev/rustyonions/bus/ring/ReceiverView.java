package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/** What a receiver's account says of it, at any time and to any thread. */
public interface ReceiverView {
    /** The number of the subscription, from 0 in the order of subscribing. */
    long id();

    /** What the receiver is called, or null. */
    @Nullable Object label();

    /** Messages it was given. */
    long delivered();

    /** Messages its filter refused. */
    long filtered();

    /** Messages it left out because a later one had the same key. */
    long conflated();

    /** Whether publishers that wait do wait for it. */
    boolean isLossless();
}
