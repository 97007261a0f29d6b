package dev.rustyonions.bus.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Which messages a receiver leaves out: it looks at all that wait, and goes by that until it has
 * come to the end of what it looked at.
 */
final class ModelConflation {
    private final ModelBus bus;
    private final Function<Integer, Object> key;
    private final Predicate<Integer> filter;
    private final Set<Long> superseded = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();
    private long lookedTo;

    ModelConflation(ModelBus bus, Function<Integer, Object> key, Predicate<Integer> filter) {
        this.bus = bus;
        this.key = key;
        this.filter = filter;
    }

    /**
     * Looks at the message {@code at} and what waits behind it, unless it has been looked at.
     *
     * @param isThere whether a message above it can be read
     * @throws RuntimeException what the filter or the key function throws at this very message
     */
    void look(long at, LongPredicate isThere) {
        if (at < lookedTo) {
            return;
        }
        boolean several = isThere.test(at + 1);
        Map<Object, Long> last = new HashMap<>();
        long next = at;
        try {
            do {
                note(next, several, last);
                next++;
            } while (several && next - at < bus.capacity && isThere.test(next));
        } catch (ModelFilters.Refused e) {
            if (next == at) {
                throw e;
            }
        }
        lookedTo = next;
    }

    private void note(long sequence, boolean several, Map<Object, Long> last) {
        int event = bus.published.get((int) sequence);
        if (!filter.test(event)) {
            refused.add(sequence);
        } else if (several) {
            Object of = key.apply(event);
            Long before = of == null ? null : last.put(of, sequence);
            if (before != null) {
                superseded.add(before);
            }
        }
    }

    boolean isSuperseded(long sequence) {
        return superseded.contains(sequence);
    }

    boolean isRefused(long sequence) {
        return refused.contains(sequence);
    }
}
