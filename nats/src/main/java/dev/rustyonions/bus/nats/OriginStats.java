package dev.rustyonions.bus.nats;

import java.util.Map;

/**
 * The account that an import keeps of one origin, at one moment.
 *
 * <p>Of each run of the origin's export, the numbers from the first one known up to {@code next}
 * have arrived or are lost; {@code arrived} and {@code lost} add up all runs.
 *
 * @param origin whose
 * @param next the number that is expected next, in the current run
 * @param arrived events that arrived and were given to the bus
 * @param lost events that did not, by cause; causes without any are not in it
 * @param restarts how often another run of the export was heard
 * @param duplicates messages dropped, because their number had been told before
 * @param stale messages dropped, because they were of a run that had ended; if they do not end, a
 *     second process uses this origin
 * @param silent whether nothing is heard of it
 * @param closed whether that is because its export was closed in order
 */
public record OriginStats(
        String origin,
        long next,
        long arrived,
        Map<Cause, Long> lost,
        long restarts,
        long duplicates,
        long stale,
        boolean silent,
        boolean closed) {
    /**
     * Makes an account. The import makes those it takes; this is for tests of code that reads.
     *
     * @throws NullPointerException if {@code lost} is null or holds a null
     */
    public OriginStats {
        lost = Map.copyOf(lost);
    }

    /**
     * All that is lost, whatever the cause.
     *
     * @return at least 0
     */
    public long lostInAll() {
        return Causes.sum(lost);
    }
}
