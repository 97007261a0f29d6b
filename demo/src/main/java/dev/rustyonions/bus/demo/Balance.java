package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Reason;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the publishers say was accepted, against what each handler counted.
 *
 * <p>The two sides share no number: publishers count the sequences they were given, handlers the
 * messages and lags they were handed. Every receiver is subscribed before the first event, so each
 * has to account for all of them.
 *
 * @param accepted what was accepted, for each kind, as its publisher counted
 * @param entries one for each receiver
 */
record Balance(Map<Kind, Long> accepted, List<Entry> entries) {
    /**
     * One receiver, as its handler counted.
     *
     * @param receiver its name
     * @param delivered messages for each kind
     * @param missed messages that lags told of
     * @param end why it ended; null if it did not
     * @param fault the first sequence out of place or other failure; null if there was none
     */
    record Entry(
            String receiver,
            Map<Kind, Long> delivered,
            long missed,
            @Nullable Reason end,
            @Nullable String fault) {
        long deliveredTotal() {
            return sum(delivered.values());
        }
    }

    long published() {
        return sum(accepted.values());
    }

    /** What does not balance, a sentence each; empty if all does. */
    List<String> imbalances() {
        List<String> found = new ArrayList<>();
        for (Entry entry : entries) {
            String who = "receiver " + entry.receiver() + ": ";
            if (entry.fault() != null) {
                found.add(who + entry.fault());
            }
            if (entry.end() != Reason.BUS_CLOSED) {
                found.add(who + "ended by " + entry.end() + ", not by the close of the bus");
            }
            if (entry.deliveredTotal() + entry.missed() != published()) {
                found.add(
                        who
                                + ("delivered " + entry.deliveredTotal())
                                + (" and missed " + entry.missed())
                                + (" do not make the " + published() + " published"));
            }
            accepted.forEach(
                    (kind, count) -> {
                        long delivered = entry.delivered().getOrDefault(kind, 0L);
                        if (delivered > count || (entry.missed() == 0 && delivered < count)) {
                            found.add(
                                    who
                                            + ("delivered " + delivered + " of kind ")
                                            + (kind.label() + ", published " + count));
                        }
                    });
        }
        return found;
    }

    /** The kinds that did not arrive from their real source, a sentence for each receiver. */
    List<String> absences() {
        List<String> found = new ArrayList<>();
        for (Entry entry : entries) {
            List<String> absent =
                    Kind.REAL.stream()
                            .filter(kind -> entry.delivered().getOrDefault(kind, 0L) == 0)
                            .map(Kind::label)
                            .toList();
            if (!absent.isEmpty()) {
                found.add(
                        "receiver "
                                + entry.receiver()
                                + ": nothing arrived of kind "
                                + String.join(", ", absent));
            }
        }
        return found;
    }

    /** Whether there are receivers and every one balances. */
    private boolean balances() {
        return !entries.isEmpty() && imbalances().isEmpty();
    }

    /**
     * Whether the run was a success: every receiver balances, and had each kind from its real
     * source.
     *
     * @param cutShort whether the user ended the run by Ctrl-C. Then a kind may be absent: its
     *     source may have had nothing to tell yet, and Ctrl-C ends the flight recorder, too.
     */
    boolean holds(boolean cutShort) {
        return balances() && (cutShort || absences().isEmpty());
    }

    /** Deliveries over all receivers; those of kinds leave the synthetic load out. */
    String line() {
        String kinds =
                Kind.REAL.stream()
                        .map(kind -> kind.label() + ":" + delivered(kind))
                        .collect(Collectors.joining(","));
        long delivered = entries.stream().mapToLong(Entry::deliveredTotal).sum();
        long missed = entries.stream().mapToLong(Entry::missed).sum();
        return "account: published="
                + published()
                + (" receivers=" + entries.size())
                + (" delivered=" + delivered)
                + (" missed=" + missed)
                + (" kinds=" + kinds)
                + (" balanced=" + (balances() ? "yes" : "no"));
    }

    private long delivered(Kind kind) {
        return entries.stream().mapToLong(entry -> entry.delivered().getOrDefault(kind, 0L)).sum();
    }

    private static long sum(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
