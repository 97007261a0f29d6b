package dev.rustyonions.bus.model;

/**
 * One step of an interleaving.
 *
 * @param action what is done
 * @param who which of the receivers or batches made so far, modulo their number
 * @param amount how many, or which one of several ways
 */
record Step(Action action, int who, int amount) {
    enum Action {
        PUBLISH,
        PUBLISH_SEQUENCED,
        OFFER,
        SUBMIT_WHERE_THERE_IS_ROOM,
        PUBLISH_MANY,
        PUBLISH_MANY_WITH_NULL,
        BATCH_BEGIN,
        BATCH_ADD,
        BATCH_FLUSH,
        BATCH_CLOSE,
        SUBSCRIBE_NOW,
        SUBSCRIBE_OLDEST,
        SUBSCRIBE_LAST,
        SUBSCRIBE_FROM,
        RECV,
        RECV_INTERRUPTED,
        TRY_RECV,
        RECV_TIMEOUT_ZERO,
        DRAIN,
        DRAIN_INTO_A_THROWING_HANDLER,
        RECEIVER_CLOSE,
        EVICT,
        BUS_CLOSE
    }
}
