package dev.rustyonions.bus.bench.run;

import dev.rustyonions.bus.bench.stat.Pairs;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A short measurement of one side of a comparison.
 *
 * @param nanos nanoseconds an operation
 * @param processors how many processors its threads had
 */
record Slice(double nanos, double processors) {
    /**
     * What the slices of two sides say together. Only one pass in {@code oneIn} counts, those in
     * which the threads had most of the processors.
     *
     * @param baseline null for the times of the subject themselves
     * @param quantile which quantile of each side makes the ratio
     */
    static Pairs pairs(
            List<Slice> subject, @Nullable List<Slice> baseline, int oneIn, double quantile) {
        int[] counted =
                IntStream.range(0, subject.size())
                        .boxed()
                        .sorted(
                                (a, b) ->
                                        Double.compare(
                                                processors(subject, baseline, b),
                                                processors(subject, baseline, a)))
                        .limit((subject.size() + oneIn - 1) / oneIn)
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray();
        return Pairs.of(
                Arrays.stream(counted).mapToDouble(pass -> subject.get(pass).nanos).toArray(),
                Arrays.stream(counted)
                        .mapToDouble(pass -> baseline == null ? 1 : baseline.get(pass).nanos)
                        .toArray(),
                quantile);
    }

    private static double processors(
            List<Slice> subject, @Nullable List<Slice> baseline, int pass) {
        double theirs = baseline == null ? 0 : baseline.get(pass).processors;
        return subject.get(pass).processors + theirs;
    }

    /** As text, for {@link #parse}. */
    static String format(List<Slice> slices) {
        return slices.stream()
                .map(slice -> (float) slice.nanos + "/" + (float) slice.processors)
                .collect(Collectors.joining(" "));
    }

    /** What {@link #format} wrote. */
    static List<Slice> parse(String text) {
        return Arrays.stream(text.split(" ", -1))
                .map(slice -> slice.split("/", 2))
                .map(pair -> new Slice(Double.parseDouble(pair[0]), Double.parseDouble(pair[1])))
                .toList();
    }
}
