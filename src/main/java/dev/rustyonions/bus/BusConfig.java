package dev.rustyonions.bus;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The configuration a bus runs with, after builder, system properties, environment and defaults
 * were weighed and every value was rounded and bounded. {@link Bus#config()} returns it; a record
 * made by hand configures nothing, and only its nulls are refused. Where each value may come from
 * stands at the method of {@link BusBuilder} that sets it.
 *
 * @param name the bus's name in logs, metrics and thread dumps; 1 to 128 characters, not blank, no
 *     control characters, line separators or marks that turn the direction of text; default {@code
 *     bus}
 * @param capacity the size of the window in messages; a power of two in [2, 65536]; default 256
 * @param mode how wake-ups are divided between publishers and receivers; default {@link
 *     Mode#CLASSIC}
 * @param burst how many events a producer is expected to publish in one go, and after how many a
 *     batch yields its thread with {@code epochYield}; from 1 up; default 256
 * @param epochYield whether batch publication yields the thread after every {@code burst} events,
 *     wake-ups first; single publishes never yield; default false
 * @param flushThreshold how many events a batch holds before it flushes itself; 1 to 65536,
 *     useful from 32 to 128; default 64
 * @param linger how long a receiver that ran dry waits before it asks to be woken, in {@link
 *     Mode#EDGE} only; zero to one second; default 50 microseconds
 * @param fanoutHint how many receivers are expected, where that was said; from 1 up; default empty
 * @param overflowWarnPerMinute the most lag warnings a bus writes to the log in a minute, over all
 *     receivers; from 0 up, 0 for none; default 60
 * @param metricsNamespace the first part of every metric's name; a letter, then letters, digits,
 *     dots and underscores, 128 characters at most; default {@code ron.bus}
 * @param amnesiaLabel whether metrics carry a tag {@code amnesia} with the value {@code on} or
 *     {@code off}; default true
 * @param amnesia whether a closed bus drops each payload reference as soon as no receiver can still
 *     read it; default false
 * @param pqLabel the value of the metrics' tag {@code pq}, a label without any cryptography behind
 *     it; 1 to 64 letters, digits, dots, underscores, hyphens or plus signs; default empty: no such
 *     tag
 */
public record BusConfig(
        String name,
        int capacity,
        Mode mode,
        int burst,
        boolean epochYield,
        int flushThreshold,
        Duration linger,
        OptionalInt fanoutHint,
        int overflowWarnPerMinute,
        String metricsNamespace,
        boolean amnesiaLabel,
        boolean amnesia,
        Optional<String> pqLabel) {
    /**
     * Makes a configuration.
     *
     * @throws NullPointerException if a component is null
     */
    public BusConfig {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(linger, "linger");
        Objects.requireNonNull(fanoutHint, "fanoutHint");
        Objects.requireNonNull(metricsNamespace, "metricsNamespace");
        Objects.requireNonNull(pqLabel, "pqLabel");
    }
}
