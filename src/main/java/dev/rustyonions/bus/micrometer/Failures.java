package dev.rustyonions.bus.micrometer;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong in steps that are all to be done, whichever of them fails. Used by one thread.
 */
@SuppressWarnings("ReferenceEquality") // the very exception
final class Failures {
    private @Nullable Throwable first;

    /** Does a step; keeps what it throws. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            add(e);
        }
    }

    private void add(Throwable e) {
        if (first == null) {
            first = e;
        } else if (first != e) {
            first.addSuppressed(e);
        }
    }

    /** Throws the first failure, to which the others are suppressed; returns if there was none. */
    void rethrow() {
        switch (first) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            // Not declared by any step, but a listener in another language need not declare it.
            default -> throw new IllegalStateException(first);
        }
    }

    /** Adds the failures to one that is being thrown already. */
    void suppressIn(Throwable thrown) {
        if (first != null && first != thrown) {
            thrown.addSuppressed(first);
        }
    }
}
