package dev.rustyonions.bus.bench.gate;

import java.util.List;

/**
 * What the rounds of a figure say of its limit.
 *
 * <p>The margin of a figure is the factor by which its highest round may exceed its lowest for the
 * rounds to agree. Rounds that agree are one reading, and their median decides. Rounds that do not
 * agree say that the limit is missed only if the low one of them, their lower quintile, is over it
 * too: the lowest of three, the second lowest of seven.
 *
 * <p>Where many threads wait for processors, a round in which other processes had most of them
 * cannot show a miss.
 */
enum Verdict {
    /** The median is within the limit. */
    MET,

    /** The median is over the limit, and the rounds agree or even the low one is over it. */
    MISSED,

    /**
     * The median is over the limit, and the rounds neither agree nor are all but a few over it; or
     * too few of them can show a miss.
     */
    UNDECIDED;

    private static final int QUINTILE = 5;

    /** The verdict on a figure that should be at most {@code limit}. */
    static Verdict of(List<Double> rounds, double limit, double margin) {
        List<Double> sorted = rounds.stream().sorted().toList();
        if (median(sorted) <= limit) {
            return MET;
        }
        boolean agree = sorted.getLast() <= margin * sorted.getFirst();
        boolean lowIsOver = sorted.get(sorted.size() / QUINTILE) > limit;
        return agree || lowIsOver ? MISSED : UNDECIDED;
    }

    /**
     * The verdict on a figure of many threads. Rounds in which others had most of the processors
     * can meet the limit and do not show that it is missed, so more than half of the rounds must be
     * without.
     */
    static Verdict ofCrowd(List<Round> rounds, double limit, double margin) {
        if (of(rounds.stream().map(Round::value).toList(), limit, margin) == MET) {
            return MET;
        }
        List<Double> undisturbed =
                rounds.stream().filter(round -> !round.isCrowdedOut()).map(Round::value).toList();
        return 2 * undisturbed.size() <= rounds.size() ? UNDECIDED : of(undisturbed, limit, margin);
    }

    /**
     * The verdict on a figure that should be exactly {@code value}. It is counted, so its median
     * decides.
     */
    static Verdict ofExact(List<Double> rounds, double value) {
        return median(rounds) == value ? MET : MISSED;
    }

    /** The round in the middle; the higher of two. */
    static double median(List<Double> rounds) {
        return rounds.stream().sorted().toList().get(rounds.size() / 2);
    }
}
