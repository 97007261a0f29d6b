package dev.rustyonions.bus;

/**
 * Nothing was there, or not in time.
 *
 * @param <E> the type of event
 */
public record Empty<E>() implements Polled<E> {}
