package dev.rustyonions.bus.bench.figures;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis on which equal ratios are equally long.
 *
 * @param title what it has, with the unit where the ticks do not name it
 * @param low where it begins, above 0
 * @param high where it ends
 * @param ticks what is written beside it
 */
record Axis(String title, double low, double high, List<Tick> ticks) {
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final double[] FINE = {1, 2, 5};
    private static final double[] COARSE = {1};

    /** An axis shorter than this many decades has ticks between those of the decades. */
    private static final double FEW_DECADES = 2.5;

    /** A longer one has a tick at every second or third decade. */
    private static final int MOST_TICKS = 8;

    /** Least nonzero width in the place of values that are all the same. */
    private static final double ROUNDING = 1e-9;

    /** Room beside the first and the last tick, as a part of the way between them. */
    private static final double ROOM = 0.04;

    /** A place on the axis, and what is written there. */
    record Tick(double value, String text) {}

    /** An axis that begins and ends at round numbers around the values. */
    static Axis around(String title, Unit unit, List<Double> values) {
        double low = roundBelow(values.stream().mapToDouble(v -> v).min().orElseThrow());
        double high = roundAbove(values.stream().mapToDouble(v -> v).max().orElseThrow());
        if (high <= low) {
            high = 10 * low;
        }
        double decades = StrictMath.log10(high / low);
        int every = Math.max(1, (int) Math.ceil((decades - ROUNDING) / MOST_TICKS));
        List<Tick> ticks = new ArrayList<>();
        for (int decade = exponent(low); power(decade) <= high * (1 + ROUNDING); decade++) {
            for (double step : decades < FEW_DECADES ? FINE : COARSE) {
                double value = step * power(decade);
                if (value >= low * (1 - ROUNDING)
                        && value <= high * (1 + ROUNDING)
                        && Math.floorMod(decade, every) == 0) {
                    ticks.add(new Tick(value, unit.text(value)));
                }
            }
        }
        return new Axis(title, low, high, ticks);
    }

    /** An axis with a tick at each of the values, which rise, and some room on either side. */
    static Axis at(String title, List<Tick> ticks) {
        double low = ticks.getFirst().value();
        double high = ticks.getLast().value();
        double room = high > low ? StrictMath.pow(high / low, ROOM) : 2;
        return new Axis(title, low / room, high * room, ticks);
    }

    /** Where a value lies between the ends, from 0 to 1; what is beyond lies at the end. */
    double place(double value) {
        double clamped = Math.clamp(value, low, high);
        return StrictMath.log(clamped / low) / StrictMath.log(high / low);
    }

    private static double roundBelow(double value) {
        double power = power(exponent(value));
        double below = power;
        for (double step : STEPS) {
            if (step * power <= value * (1 + ROUNDING)) {
                below = step * power;
            }
        }
        return below;
    }

    private static double roundAbove(double value) {
        double power = power(exponent(value));
        for (double step : STEPS) {
            if (step * power >= value * (1 - ROUNDING)) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static int exponent(double value) {
        return (int) Math.floor(StrictMath.log10(value) + ROUNDING);
    }

    private static double power(int exponent) {
        return StrictMath.pow(10, exponent);
    }
}
