package dev.rustyonions.bus.model;

import java.util.List;
import java.util.function.Predicate;

/** The filters that receivers of the model test use. */
final class ModelFilters {
    static final Predicate<Integer> NONE = event -> true;

    static final List<Predicate<Integer>> ALL =
            List.of(
                    NONE,
                    event -> event % 2 == 0,
                    event -> false,
                    event -> {
                        if (event % 5 == 0) {
                            throw new Refused();
                        }
                        return event % 3 != 0;
                    });

    private ModelFilters() {}

    /** What the throwing filter throws. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
