package dev.rustyonions.bus.nats;

/**
 * What an import gives: an event of another process, or the news that some did not arrive.
 *
 * <p>For each origin the numbers of {@link Arrived} and {@link Lost} follow each other without a
 * gap: each begins where the one before ended. {@link Restarted} begins again, at 0 as a rule.
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
    record Lost<E>(String origin, long from, long missed, Cause cause) implements Remote<E> {}

    /**
     * The export of that origin is another one than before: its process was started again, for
     * instance. Its numbers begin again at 0. What the one before sent at its very end, and nobody
     * heard of, is not known. If late messages of a run that had ended were taken for a new one,
     * the run that is there is taken up again in this way, at the number at which it was left.
     *
     * @param origin whose
     * @param <E> the type of event
     */
    record Restarted<E>(String origin) implements Remote<E> {}

    /**
     * Nothing is heard of an origin. Told once, until something is heard again.
     *
     * @param origin whose
     * @param closed true if its export was closed in order, and all it numbered has been told;
     *     false if three heartbeats did not come
     * @param <E> the type of event
     */
    record Silent<E>(String origin, boolean closed) implements Remote<E> {}
}
