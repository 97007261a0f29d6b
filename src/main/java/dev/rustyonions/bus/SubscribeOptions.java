package dev.rustyonions.bus;

import dev.rustyonions.bus.ring.Start;
import dev.rustyonions.bus.text.Text;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * How to subscribe: where to start, what to refuse, what to do after a lag. Handed to the argument
 * of {@link Bus#subscribe(java.util.function.Consumer)} and read when that returns; what is set
 * afterwards has no effect. Not thread-safe.
 *
 * @param <E> the type of event
 */
public final class SubscribeOptions<E> {
    private @Nullable String name;
    private @Nullable Predicate<? super E> filter;
    private Start start = new Start.Now();
    private String startGiven = "";
    private boolean latestOnLag;

    SubscribeOptions() {}

    /**
     * Names the receiver, for log messages and for metrics of its own.
     *
     * @param name 1 to 128 characters, not blank, no control characters or line separators
     * @return these options
     * @throws IllegalArgumentException if {@code name} is anything else
     * @throws NullPointerException if {@code name} is null
     */
    public SubscribeOptions<E> name(String name) {
        Objects.requireNonNull(name, "name");
        if (!Text.isName(name)) {
            String quoted = Text.quoted(name);
            throw Text.refused("name(" + quoted + ")", quoted, Text.NAME);
        }
        this.name = name;
        return this;
    }

    /**
     * Starts with the oldest message retained, instead of the next one published.
     *
     * @return these options
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> oldest() {
        return startAt(new Start.Last(Long.MAX_VALUE), "oldest()");
    }

    /**
     * Starts with the last messages published.
     *
     * @param count how many, at least 0; where fewer are retained, those
     * @return these options
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> last(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("last(" + count + "): allowed are 0 and more");
        }
        return startAt(new Start.Last(count), "last(" + count + ")");
    }

    /**
     * Starts with a given sequence. If it is no longer retained, the first receive is a {@link
     * Lagged}.
     *
     * @param sequence the first sequence to receive, at least 0; at most the next one to be
     *     published, which {@code subscribe} checks
     * @return these options
     * @throws IllegalArgumentException if {@code sequence} is negative
     * @throws IllegalStateException if another start was given before
     */
    public SubscribeOptions<E> from(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("from(" + sequence + "): sequences start at 0");
        }
        return startAt(new Start.At(sequence), "from(" + sequence + ")");
    }

    private SubscribeOptions<E> startAt(Start start, String given) {
        if (!startGiven.isEmpty()) {
            throw new IllegalStateException(given + ": the start has been given as " + startGiven);
        }
        this.start = start;
        this.startGiven = given;
        return this;
    }

    /**
     * Receives only events that pass a filter. It runs in the receiving thread, on messages that
     * were not missed; what it refuses counts as {@linkplain Receiver#filtered() filtered}. If it
     * throws, the message counts as filtered, the exception is thrown by the receive, and the
     * receiver remains usable.
     *
     * @param filter true for events to receive
     * @return these options
     * @throws IllegalStateException if a filter was given before
     * @throws NullPointerException if {@code filter} is null
     */
    public SubscribeOptions<E> filter(Predicate<? super E> filter) {
        if (this.filter != null) {
            throw new IllegalStateException(
                    "filter given twice; combine the two with Predicate.and");
        }
        this.filter = Objects.requireNonNull(filter, "filter");
        return this;
    }

    /**
     * After a lag, goes on with the newest message instead of the oldest retained. What that skips
     * counts as missed.
     *
     * @return these options
     */
    public SubscribeOptions<E> latestOnLag() {
        latestOnLag = true;
        return this;
    }

    @Nullable String name() {
        return name;
    }

    @Nullable Predicate<? super E> filter() {
        return filter;
    }

    Start start() {
        return start;
    }

    boolean isLatestOnLag() {
        return latestOnLag;
    }
}
