package dev.rustyonions.bus.nats;

import java.util.List;
import java.util.Map;

/**
 * The account of an import at one moment.
 *
 * @param origins the accounts of the origins it knows, in the order of their names
 * @param arrived events that arrived, of all origins, those forgotten included
 * @param lost events that did not, by cause, likewise
 * @param restarts how often another run of an export was heard, likewise
 * @param foreign messages under its subject that no export has sent, or none of this version
 * @param turnedAway messages of origins that were one too many
 * @param pending messages that the NATS client has received and the import has not taken yet
 * @param dropped messages that the NATS client has dropped, because too many were pending;
 *     heartbeats among them
 * @param reconnects how often the connection was made again
 */
public record ImportStats(
        List<OriginStats> origins,
        long arrived,
        Map<Cause, Long> lost,
        long restarts,
        long foreign,
        long turnedAway,
        long pending,
        long dropped,
        long reconnects) {
    /**
     * Makes an account. The import makes those it takes; this is for tests of code that reads.
     *
     * @throws NullPointerException if a list or map is null or holds a null
     */
    public ImportStats {
        origins = List.copyOf(origins);
        lost = Map.copyOf(lost);
    }
}
