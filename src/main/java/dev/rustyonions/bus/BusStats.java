package dev.rustyonions.bus;

/**
 * A bus's totals at one moment, taken without stopping anyone: with publishers and receivers
 * running, the values are of slightly different moments; at rest they are exact.
 *
 * @param published messages accepted since the bus was created
 * @param missed messages missed by all receivers, living and gone, of those published since each
 *     subscribed, including those a receiver has lost and not been told of yet; never decreases
 * @param conflated messages that all receivers, living and gone, have left out because a later one
 *     had the same key; never decreases
 * @param wakeups times a parked receiver was woken
 * @param receivers subscribed receivers; one that has been told that the bus is closed no longer
 *     counts
 * @param depth messages published and not yet read by the receiver furthest behind; 0 to {@code
 *     capacity}
 * @param capacity the effective capacity in messages
 * @param closed whether the bus is closed
 * @param publisherWaits times a publisher has had to wait for a lossless receiver
 * @param publishersWaiting publishers that wait for one now
 */
public record BusStats(
        long published,
        long missed,
        long conflated,
        long wakeups,
        int receivers,
        int depth,
        int capacity,
        boolean closed,
        long publisherWaits,
        int publishersWaiting) {}
