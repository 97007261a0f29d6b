package dev.rustyonions.bus.console;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Since when conditions have held without a break. What is not asked about between two calls of
 * {@link #settle} holds no longer. One thread only.
 */
final class Since {
    private final Map<String, Moment> begun = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    /** The condition holds at that moment; since when it has. */
    Moment holds(String condition, Moment at) {
        asked.add(condition);
        return begun.computeIfAbsent(condition, c -> at);
    }

    void settle() {
        begun.keySet().retainAll(asked);
        asked.clear();
    }
}
