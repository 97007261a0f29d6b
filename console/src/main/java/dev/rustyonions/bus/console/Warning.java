package dev.rustyonions.bus.console;

/**
 * A known bad pattern that a bus shows.
 *
 * @param kind which
 * @param since when it began, in milliseconds of the epoch
 * @param subject the number of the receiver that it is about; -1 if it is about the bus
 * @param text what is seen
 */
record Warning(Kind kind, long since, long subject, String text) {
    /** The patterns, the worst first. */
    enum Kind {
        RECEIVER_STUCK(
                "Receiver is stuck",
                "Find its thread in a thread dump. If the handler cannot be freed, evict the"
                        + " receiver; the program then subscribes anew and resynchronises.",
                "RonBusReceiverStuck"),
        PUBLISHERS_STUCK(
                "Publishers wait for a stuck receiver",
                "Free the thread of that receiver, or evict it: publishers go on at once.",
                "RonBusPublishersStuck"),
        CONSUMER_FAILED(
                "A consumer has died",
                "Its handler threw, and nobody reads from that receiver any more. Close it, or"
                        + " restart the consumer. The log of the service has the exception.",
                "RonBusConsumerFailed"),
        TOO_SLOW(
                "No capacity would hold",
                "See what its handler does, and what stops it. Make it faster, let it receive less"
                        + " by a filter or by conflateBy, or make it lossless.",
                "RonBusNoCapacityHolds"),
        PATIENCE_OVER(
                "A lossless receiver may lose now",
                "It held publishers up for longer than its patience. Find out why it stood still,"
                        + " and restart its consumer: one that subscribes anew is lossless again.",
                "RonBusPatienceOver"),
        PUBLISHERS_HELD_UP(
                "Publishers are held up",
                "The slowest lossless receiver sets the pace. See what its handler does, let it"
                        + " receive less, or let it be one that may lose.",
                "RonBusPublishersHeldUp"),
        BURST_ABOVE_CAPACITY(
                "Bursts are larger than the window",
                "Set the advised capacity when the bus is next built, if the loss costs more than"
                        + " the memory.",
                "RonBusCapacityTooSmall"),
        NOBODY_SUBSCRIBED(
                "Nobody is subscribed",
                "Events are published to nobody. Start the consumers, or restart those that have"
                        + " ended.",
                "RonBusNobodySubscribed"),
        NO_HEADROOM(
                "A receiver began without headroom",
                "Start it with last(capacity / 2) instead of oldest(): on a full window oldest()"
                        + " is one message away from its first loss.",
                "StartWithoutHeadroom"),
        EDGE_WOULD_SAVE(
                "Receivers wake for almost every event",
                "Mode edge, RON_MODE=edge, lets a receiver that ran dry wait a moment before"
                        + " publishers have to wake it.",
                "WakeUpForEveryEvent"),
        NAMES_WITHOUT_END(
                "Names of receivers without end",
                "Metrics have series for each name. Name receivers by what they do, and not by a"
                        + " client, a request or a number.",
                "NamesWithoutEnd");

        final String title;
        final String todo;

        /** The heading in the runbook. */
        final String entry;

        Kind(String title, String todo, String entry) {
            this.title = title;
            this.todo = todo;
            this.entry = entry;
        }
    }
}
