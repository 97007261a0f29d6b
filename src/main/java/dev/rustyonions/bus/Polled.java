package dev.rustyonions.bus;

/**
 * What a receive that does not wait for ever returns: something {@link Received}, or {@link Empty}.
 *
 * @param <E> the type of event
 */
public sealed interface Polled<E> permits Received, Empty {}
