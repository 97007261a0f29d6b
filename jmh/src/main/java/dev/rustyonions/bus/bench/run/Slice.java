package dev.rustyonions.bus.bench.run;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A short measurement of one side of a comparison, and what slices taken in turn say together.
 *
 * @param nanos nanoseconds an operation
 * @param processors how many processors its threads had
 */
record Slice(double nanos, double processors) {
    /**
     * The ratio between two sides: the median, over the passes, of the ratio within a pass. A spell
     * in which the machine is slow meets both sides of a pass, and a slice that is interrupted
     * makes one pass an outlier.
     *
     * <p>Only one pass in {@code oneIn} counts, those in which the threads had most of the
     * processors.
     */
    static double ratio(List<Slice> subject, List<Slice> baseline, int oneIn) {
        ToDoubleFunction<Integer> processors =
                pass -> subject.get(pass).processors + baseline.get(pass).processors;
        double[] ratios =
                IntStream.range(0, subject.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(processors).reversed())
                        .limit(counted(subject.size(), oneIn))
                        .mapToDouble(pass -> subject.get(pass).nanos / baseline.get(pass).nanos)
                        .sorted()
                        .toArray();
        return ratios[ratios.length / 2];
    }

    /** The time of one side, for people: the lower quartile of the slices that count. */
    static double nanos(List<Slice> side, int oneIn) {
        double[] nanos =
                side.stream()
                        .sorted(Comparator.comparingDouble(Slice::processors).reversed())
                        .limit(counted(side.size(), oneIn))
                        .mapToDouble(Slice::nanos)
                        .sorted()
                        .toArray();
        return nanos[nanos.length / 4];
    }

    private static int counted(int slices, int oneIn) {
        return (slices + oneIn - 1) / oneIn;
    }
}
