package dev.rustyonions.bus.build;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of JDK versions in Maven's notation, such as {@code [21,)} or {@code [21,22)}; null is
 * an open end.
 */
record JdkRange(
        Runtime.@Nullable Version from,
        boolean fromIncluded,
        Runtime.@Nullable Version to,
        boolean toIncluded) {

    private static final Pattern EXACT = Pattern.compile("\\[([0-9.]+)]");
    private static final Pattern RANGE = Pattern.compile("([\\[(])([0-9.]*),([0-9.]*)([])])");

    static JdkRange parse(String text) {
        Matcher exact = EXACT.matcher(text.strip());
        if (exact.matches()) {
            Runtime.Version only = Runtime.Version.parse(exact.group(1));
            return new JdkRange(only, true, only, true);
        }
        Matcher range = RANGE.matcher(text.strip());
        if (!range.matches()) {
            throw new IllegalArgumentException(
                    "-Djdk: \""
                            + text
                            + "\" is not one range of versions such as [21,) or [21,22)");
        }
        return new JdkRange(
                bound(range.group(2)),
                range.group(1).equals("["),
                bound(range.group(3)),
                range.group(4).equals("]"));
    }

    boolean contains(Runtime.Version version) {
        return (from == null || isInOrder(from, version, fromIncluded))
                && (to == null || isInOrder(version, to, toIncluded));
    }

    private static Runtime.@Nullable Version bound(String text) {
        return text.isEmpty() ? null : Runtime.Version.parse(text);
    }

    private static boolean isInOrder(Runtime.Version low, Runtime.Version high, boolean orEqual) {
        int order = 0;
        for (int i = 0;
                order == 0 && i < Math.max(low.version().size(), high.version().size());
                i++) {
            order = Integer.compare(part(low, i), part(high, i));
        }
        return order < 0 || orEqual && order == 0;
    }

    private static int part(Runtime.Version version, int i) {
        return i < version.version().size() ? version.version().get(i) : 0;
    }
}
