package dev.rustyonions.bus.bench.gate;

import dev.rustyonions.bus.bench.stat.Interval;
import dev.rustyonions.bus.bench.stat.Pairs;

import java.util.List;

/**
 * What the rounds of a figure say of its limit: the whole {@link Interval} of the figure lies on
 * one side of it, or nobody can tell.
 *
 * <p>Where many threads wait for processors, a round in which other processes had most of them
 * cannot show a miss.
 */
enum Verdict {
    /** The interval ends at the limit or below. */
    MET,

    /** The interval begins above the limit. */
    MISSED,

    /** The limit lies in the interval; or too few rounds can show a miss. */
    UNDECIDED;

    /** So that what is drawn from the rounds is the same for the same rounds. */
    private static final long SEED = 1;

    /** The verdict on a figure that should be at most {@code limit}. */
    static Verdict of(Interval interval, double limit) {
        return interval.high() <= limit ? MET : interval.low() > limit ? MISSED : UNDECIDED;
    }

    /** The verdict on rounds of a figure that should be at most {@code limit}. */
    static Verdict of(List<Round> rounds, double limit) {
        return of(interval(rounds), limit);
    }

    /**
     * The verdict on a figure of many threads. Rounds in which others had most of the processors
     * can meet the limit and do not show that it is missed, so more than half of the rounds must be
     * without.
     */
    static Verdict ofCrowd(List<Round> rounds, double limit) {
        if (of(rounds, limit) == MET) {
            return MET;
        }
        List<Round> undisturbed = rounds.stream().filter(round -> !round.isCrowdedOut()).toList();
        return 2 * undisturbed.size() <= rounds.size() ? UNDECIDED : of(undisturbed, limit);
    }

    /**
     * The verdict on a figure that should be exactly {@code value}. It is counted, so its median
     * decides.
     */
    static Verdict ofExact(List<Round> rounds, double value) {
        return median(rounds) == value ? MET : MISSED;
    }

    /** Between which values the figure of these rounds lies. */
    static Interval interval(List<Round> rounds) {
        List<Pairs> pairs = rounds.stream().map(Round::pairs).toList();
        return Interval.of(pairs, SEED);
    }

    private static double median(List<Round> rounds) {
        return Interval.median(rounds.stream().mapToDouble(Round::value).toArray());
    }
}
