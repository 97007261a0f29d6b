package dev.rustyonions.bus.bench.figures;

import dev.rustyonions.bus.bench.stat.Spread;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the figures of a column are counted in, which its name says. */
enum Unit {
    /** Nanoseconds: the word {@code ns}. */
    NANOSECONDS("\\bns\\b", 1_000),

    /** Microseconds: the word {@code us}. */
    MICROSECONDS("\\bus\\b", 1_000),

    /** Bytes: the word {@code bytes}. */
    BYTES("\\bbytes\\b", 1_024),

    /** A number of something. */
    PLAIN("", 1_000);

    private static final MathContext TWO_DIGITS = new MathContext(2);
    private static final MathContext THREE_DIGITS = new MathContext(3);

    /** Everything else in a plain column is written out. */
    private static final double LEAST_PLAIN_SCALED = 10_000;

    private final Pattern name;
    private final int step;

    Unit(String name, int step) {
        this.name = Pattern.compile(name);
        this.step = step;
    }

    /** The unit of a column. */
    static Unit of(String column) {
        for (Unit unit : values()) {
            if (unit.name.matcher(column).find()) {
                return unit;
            }
        }
        return PLAIN;
    }

    /** A round figure with its unit. */
    String text(double figure) {
        int scale = scale(figure);
        return new BigDecimal(figure / Math.pow(step, scale))
                        .round(THREE_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString()
                + names().get(scale);
    }

    /** The median and the quartiles, in the unit of the median; the quartiles if they differ. */
    String text(Spread spread) {
        int scale = scale(spread.median());
        double one = Math.pow(step, scale);
        String median = digits(spread.median() / one);
        String low = digits(spread.low() / one);
        String high = digits(spread.high() / one);
        String quartiles =
                low.equals(median) && high.equals(median) ? "" : " (" + low + " to " + high + ")";
        return median + names().get(scale) + quartiles;
    }

    /** Itself, and then what is so many times as much as the one before. */
    private List<String> names() {
        return switch (this) {
            case NANOSECONDS -> List.of(" ns", " µs", " ms", " s");
            case MICROSECONDS -> List.of(" µs", " ms", " s");
            case BYTES -> List.of(" B", " KiB", " MiB", " GiB");
            case PLAIN -> List.of("", " k", " M", " G");
        };
    }

    private int scale(double figure) {
        int scale = 0;
        double left = Math.abs(figure);
        if (this != PLAIN || left >= LEAST_PLAIN_SCALED) {
            while (left >= step && scale < names().size() - 1) {
                left /= step;
                scale++;
            }
        }
        return scale;
    }

    /** To three digits that count; to two of what is below one. */
    private static String digits(double number) {
        double size = Math.abs(number);
        if (size == 0) {
            return "0";
        }
        if (size < 0.1) {
            return new BigDecimal(number).round(TWO_DIGITS).stripTrailingZeros().toPlainString();
        }
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, number);
    }
}
