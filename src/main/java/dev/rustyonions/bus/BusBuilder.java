package dev.rustyonions.bus;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Sets up a {@link Bus}. A setting named here wins; one that is not is taken from its system
 * property, then from its environment variable, then from its default. An empty property or
 * variable counts as unset, and a source that does not win is not looked at, so its value may be
 * anything.
 *
 * <p>Values are checked by {@link #build()}, not by the methods that take them; only null is
 * refused at once, with a {@link NullPointerException}. Called twice, a method keeps the later
 * value. Switches in properties and variables are written {@code 1}/{@code 0}, {@code true}/{@code
 * false} or {@code on}/{@code off}, in any case. A whole number beyond {@link
 * Integer#MAX_VALUE} in a property or variable counts as that. A capacity or linger over its
 * largest is bounded to it, with a warning in the log; every other value outside its range is
 * refused.
 *
 * <p>A builder may be used more than once: each {@code build()} makes a bus of its own that shares
 * nothing with the others, reads the system properties again, and leaves the builder as it was.
 * What is set afterwards changes the buses still to be built only. A builder is not safe for use by
 * several threads at once.
 */
public final class BusBuilder {
    final Settings settings = new Settings();

    BusBuilder() {}

    /**
     * Names the bus, for logs, metrics and thread dumps. Of the open buses that share a name and a
     * {@link #metricsNamespace} only one can have its metrics in a registry. No property, no
     * variable.
     *
     * @param name 1 to 128 characters, not blank, no control characters, line separators or marks
     *     that turn the direction of text; default {@code bus}
     * @return this builder
     */
    public BusBuilder name(String name) {
        settings.name = requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets how many messages the window holds. Property {@code ron.cap}; variable {@code RON_CAP}
     * or its alias {@code RON_BUS_CAPACITY}, which must be the same number where both are set. A
     * capacity over 256 that comes from one of those draws a warning, since a window that large may
     * not stay in cache, and so does one over 65536 from any source, since it is not obeyed.
     *
     * @param capacity from 1 up; rounded up to a power of two and bounded to [2, 65536]; default:
     *     see {@link #autotune}
     * @return this builder
     */
    public BusBuilder capacity(int capacity) {
        settings.capacity = capacity;
        return this;
    }

    /**
     * Chooses the capacity by the number of receivers, where neither property nor variable names
     * one: 64 for up to 4 receivers, 128 for up to 16, else 256. Not to be combined with {@link
     * #capacity}. Without either, {@link #fanoutHint} takes the place of this count, and without
     * that the capacity is 256. No property, no variable.
     *
     * @param expectedReceivers from 1 up
     * @return this builder
     */
    public BusBuilder autotune(int expectedReceivers) {
        settings.autotune = expectedReceivers;
        return this;
    }

    /**
     * Says how many receivers are expected. It stands in for the count of {@link #autotune} where
     * that is not given and nothing names a capacity; otherwise it is only written to the log, at
     * debug level. Property {@code ron.fanout}, variable {@code RON_FANOUT}.
     *
     * @param receivers from 1 up; default none
     * @return this builder
     */
    public BusBuilder fanoutHint(int receivers) {
        settings.fanoutHint = receivers;
        return this;
    }

    /**
     * Says how many events a producer publishes in one go. A burst above the capacity logs a
     * warning, whichever source set it: such a burst overwrites its own beginning. Property {@code
     * ron.burst}, variable {@code RON_BURST}.
     *
     * @param events from 1 up; default 256
     * @return this builder
     */
    public BusBuilder burst(int events) {
        settings.burst = events;
        return this;
    }

    /**
     * Lets batch publication yield its thread after every {@link #burst} events, so that receivers
     * get to run on few cores; wake-ups come first. Single publishes never yield. Meant for
     * publishers on platform threads, or for fewer virtual ones than the scheduler has carriers:
     * virtual threads that yield again and again can keep others from running that platform threads
     * or timers have unparked. Property {@code ron.pub.epoch.yield}, variable {@code
     * RON_PUB_EPOCH_YIELD}.
     *
     * @param on default false
     * @return this builder
     */
    public BusBuilder epochYield(boolean on) {
        settings.epochYield = on;
        return this;
    }

    /**
     * Sets how many events a batch holds before it flushes itself. Its memory grows with use up to
     * that many references. Property {@code
     * ron.tls.flush.threshold}, variable {@code RON_TLS_FLUSH_THRESHOLD}.
     *
     * @param events 1 to 65536, useful from 32 to 128; default 64
     * @return this builder
     */
    public BusBuilder flushThreshold(int events) {
        settings.flushThreshold = events;
        return this;
    }

    /**
     * Sets the mode. Property {@code ron.mode}, variable {@code RON_MODE}: {@code classic}, {@code
     * batched} or {@code edge}, in any case.
     *
     * @param mode default {@link Mode#CLASSIC}
     * @return this builder
     */
    public BusBuilder mode(Mode mode) {
        settings.mode = requireNonNull(mode, "mode");
        return this;
    }

    /**
     * Sets how long a receiver that ran dry waits before it asks to be woken; {@link Mode#EDGE}
     * only. Property {@code ron.edge.linger.us}, variable {@code RON_EDGE_LINGER_US}, both a whole
     * number of microseconds from 0 up.
     *
     * @param linger from zero up; more than one second counts as one second, with a warning in the
     *     log; default 50 microseconds
     * @return this builder
     */
    public BusBuilder linger(Duration linger) {
        settings.linger = requireNonNull(linger, "linger");
        return this;
    }

    /**
     * Sets how many lag warnings the bus may write to the log in a minute, over all receivers. A
     * receiver's first lag is a line at once, its further lags are summed up in a line every 10
     * seconds at most, and what is unsaid when it is closed is said then. What this limit
     * suppresses is in the receiver's next line. Property {@code
     * ron.bus.overflow.warn.per.min}, variable {@code RON_BUS_OVERFLOW_WARN_PER_MIN}.
     *
     * @param warnings from 0 up, 0 for none; default 60
     * @return this builder
     */
    public BusBuilder overflowWarnPerMinute(int warnings) {
        settings.overflowWarnPerMinute = warnings;
        return this;
    }

    /**
     * Sets the first part of every metric's name. Property {@code ron.bus.metrics.namespace},
     * variable {@code RON_BUS_METRICS_NAMESPACE}.
     *
     * @param namespace a letter, then letters, digits, dots and underscores, ASCII all of them, 128
     *     characters at most; default {@code ron.bus}
     * @return this builder
     */
    public BusBuilder metricsNamespace(String namespace) {
        settings.metricsNamespace = requireNonNull(namespace, "namespace");
        return this;
    }

    /**
     * Says whether metrics carry a tag {@code amnesia} with the value {@code on} or {@code off}.
     * Property {@code ron.bus.emit.amnesia.label}, variable {@code RON_BUS_EMIT_AMNESIA_LABEL}.
     *
     * @param on default true
     * @return this builder
     */
    public BusBuilder amnesiaLabel(boolean on) {
        settings.amnesiaLabel = on;
        return this;
    }

    /**
     * Lets a closed bus drop each payload reference as soon as no receiver can still read it.
     * Property {@code ron.amnesia}, variable {@code RON_AMNESIA}.
     *
     * @param on default false
     * @return this builder
     */
    public BusBuilder amnesia(boolean on) {
        settings.amnesia = on;
        return this;
    }

    /**
     * Gives the metrics a tag {@code pq} with this value. It is a label only: the bus does no
     * cryptography. Property {@code ron.bus.pq.label}, variable {@code RON_BUS_PQ_LABEL}.
     *
     * @param label 1 to 64 letters, digits, dots, underscores, hyphens or plus signs, ASCII all of
     *     them; default none
     * @return this builder
     */
    public BusBuilder pqLabel(String label) {
        settings.pqLabel = requireNonNull(label, "label");
        return this;
    }

    /**
     * Makes a bus from what this builder, the system properties and the environment say now.
     *
     * @param <E> the type of the bus's events
     * @return a new bus, to be closed by the caller
     * @throws IllegalArgumentException if a value is outside what its setting allows, if {@link
     *     #capacity} and {@link #autotune} are both set, or if {@code RON_CAP} and {@code
     *     RON_BUS_CAPACITY} decide the capacity and differ; the message names the source, the value
     *     and what is allowed
     */
    public <E> Bus<E> build() {
        return new Bus<E>(ConfigResolver.PROCESS.resolve(settings));
    }
}
