package dev.rustyonions.bus.bench.gate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The verdicts of a run, of which the gated ones make its exit status. */
final class Tally {
    /** At least one gated figure missed its limit. */
    static final int EXIT_MISSED = 1;

    /** A strict run missed nothing, and could not decide at least one gated figure. */
    static final int EXIT_UNDECIDED = 2;

    private final Map<Verdict, List<String>> gated = new EnumMap<>(Verdict.class);
    private int reported;

    void add(String figure, Verdict verdict, boolean isGated) {
        if (isGated) {
            gated.computeIfAbsent(verdict, v -> new ArrayList<>()).add(figure);
        } else {
            reported++;
        }
    }

    int exitStatus(boolean strict) {
        if (!of(Verdict.MISSED).isEmpty()) {
            return EXIT_MISSED;
        }
        return strict && !of(Verdict.UNDECIDED).isEmpty() ? EXIT_UNDECIDED : 0;
    }

    /** How many of each, and which were not met. */
    String summary() {
        return "perf gate: "
                + of(Verdict.MET).size()
                + " met, "
                + named(Verdict.MISSED, "missed")
                + ", "
                + named(Verdict.UNDECIDED, "undecided")
                + "; "
                + reported
                + " only reported";
    }

    private List<String> of(Verdict verdict) {
        return gated.getOrDefault(verdict, List.of());
    }

    private String named(Verdict verdict, String word) {
        List<String> names = of(verdict);
        String count = names.size() + " " + word;
        return names.isEmpty() ? count : count + " (" + String.join(", ", names) + ")";
    }
}
