package dev.rustyonions.bus.ring;

/**
 * What the receivers of a channel add up to.
 *
 * @param missed messages missed by all receivers so far, living and gone, told or pending, of those
 *     published since each subscribed; never less than was found before
 * @param conflated messages that all receivers, living and gone, have left out because a later one
 *     had the same key; never less than was found before
 * @param depth messages published and not yet read by the receiver furthest behind; 0 to the
 *     capacity
 */
public record Totals(long missed, long conflated, int depth) {}
