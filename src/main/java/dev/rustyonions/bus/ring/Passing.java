package dev.rustyonions.bus.ring;

/** Is told of the messages that a receiver passes, one by one. */
interface Passing {
    /**
     * The receiver has passed a message: it has been delivered, refused by the filter or left out.
     * Called by the receiver's thread, after the account holds the step.
     *
     * @param position the first sequence not passed yet
     */
    void advanced(long position);

    /**
     * Of a run of messages it is enough to tell of those after which the position is a multiple of
     * this.
     *
     * @return a power of two; may be another one at the next call
     */
    int stride();
}
