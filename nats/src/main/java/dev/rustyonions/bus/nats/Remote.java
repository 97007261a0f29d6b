package dev.rustyonions.bus.nats;

import java.util.Objects;

/**
 * What an import gives: an event of another process, or the news that some did not arrive.
 *
 * <p>For each origin the numbers of {@link Arrived} and {@link Lost} follow each other without a
 * gap: each begins where the one before ended. {@link Restarted} begins again, at 0 as a rule.
 *
 * <p>Immutable, all of them. The import makes those it tells; the constructors are for tests of
 * code that takes them.
 *
 * @param <E> the type of event
 */
public sealed interface Remote<E> {
    /**
     * Whose it is.
     *
     * @return the origin of the export
     */
    String origin();

    /**
     * An event of another process.
     *
     * @param origin whose
     * @param number its number, from 0 in each run of the export; never given twice
     * @param event the event
     * @param <E> the type of event
     */
    record Arrived<E>(String origin, long number, E event) implements Remote<E> {
        /**
         * Makes one.
         *
         * @throws IllegalArgumentException if {@code number} is negative
         * @throws NullPointerException if {@code origin} or {@code event} is null
         */
        public Arrived {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(event, "event");
            if (number < 0) {
                throw new IllegalArgumentException(
                        "number " + number + " is negative; numbers start at 0");
            }
        }

        /** The origin and the number; not the event, which must not reach a log. */
        @Override
        public String toString() {
            return "Arrived[" + origin + ", " + number + "]";
        }
    }

    /**
     * Events that did not arrive and will not. Stands where they would have stood. If a gap has
     * several causes, there is one of these for each, and how many were lost by each is exact;
     * which of the numbers were lost by which is not known, and the causes share them in their
     * order.
     *
     * @param origin whose
     * @param from the first number lost
     * @param missed how many, at least 1
     * @param cause why
     * @param <E> the type of event
     */
    record Lost<E>(String origin, long from, long missed, Cause cause) implements Remote<E> {
        /**
         * Makes one.
         *
         * @throws IllegalArgumentException if {@code from} is negative or {@code missed} is less
         *     than 1
         * @throws NullPointerException if {@code origin} or {@code cause} is null
         */
        public Lost {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(cause, "cause");
            if (from < 0 || missed < 1) {
                throw new IllegalArgumentException(
                        "from "
                                + from
                                + ", missed "
                                + missed
                                + ": from is at least 0 and missed at least 1");
            }
        }
    }

    /**
     * The export of that origin is another one than before: its process was started again, for
     * instance. Its numbers begin again at 0. What the one before sent at its very end, and nobody
     * heard of, is not known. If late messages of a run that had ended were taken for a new one,
     * the run that is there is taken up again in this way, at the number at which it was left.
     *
     * @param origin whose
     * @param <E> the type of event
     */
    record Restarted<E>(String origin) implements Remote<E> {
        /**
         * Makes one.
         *
         * @throws NullPointerException if {@code origin} is null
         */
        public Restarted {
            Objects.requireNonNull(origin, "origin");
        }
    }

    /**
     * Nothing is heard of an origin. Told once, until something is heard again.
     *
     * @param origin whose
     * @param closed true if its export was closed in order, and all it numbered has been told;
     *     false if three heartbeats did not come
     * @param <E> the type of event
     */
    record Silent<E>(String origin, boolean closed) implements Remote<E> {
        /**
         * Makes one.
         *
         * @throws NullPointerException if {@code origin} is null
         */
        public Silent {
            Objects.requireNonNull(origin, "origin");
        }
    }
}
