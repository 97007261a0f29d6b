package dev.rustyonions.bus.model;

import java.util.List;
import java.util.function.Function;

/** The key functions that receivers of the model test use. */
final class ModelKeys {
    /** In place of a key function: nothing is conflated. */
    static final Function<Integer, Object> NONE = event -> event;

    static final List<Function<Integer, Object>> ALL =
            List.of(
                    NONE,
                    NONE,
                    event -> event % 2,
                    event -> event % 4 == 0 ? null : event % 3,
                    event -> {
                        if (event % 7 == 0) {
                            throw new ModelFilters.Refused();
                        }
                        return event % 2;
                    });

    private ModelKeys() {}
}
