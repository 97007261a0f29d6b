package dev.rustyonions.bus.bench.peer;

/**
 * The payload of every comparison: who published it, its place among that producer's events, and
 * when it was due.
 *
 * @param producer the producer's number, from 0; negative for the end of the stream
 * @param index the place among the producer's events, from 0 and without gaps
 * @param due when it was to be published, by {@link System#nanoTime()}; 0 where nobody asks
 */
public record Tick(int producer, long index, long due) {
    /** Ends the stream of those peers that have no end of their own. */
    static final Tick END = new Tick(-1, 0, 0);

    /** Whether this ends a stream. */
    boolean isEnd() {
        return producer < 0;
    }
}
