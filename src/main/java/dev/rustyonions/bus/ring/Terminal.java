package dev.rustyonions.bus.ring;

import org.jspecify.annotations.Nullable;

/**
 * The cell that ends a ring: it stands where the next message would have stood, so that the close
 * has one place in the total order.
 *
 * <p>It carries the message it displaced, the oldest of a full window, because closing evicts
 * nothing. After amnesia has cleared a slot, a terminal without a displaced message stands there
 * too: such a slot still reads as closed, never as empty.
 */
final class Terminal {
    /** The sequence the next message would have had; every message of the ring is below it. */
    final long sequence;

    /**
     * The message with sequence {@code sequence - capacity}, or null if there was none or it has
     * been forgotten.
     */
    final @Nullable Object displaced;

    Terminal(long sequence, @Nullable Object displaced) {
        this.sequence = sequence;
        this.displaced = displaced;
    }
}
