package dev.rustyonions.bus.crowd;

/**
 * What is published.
 *
 * @param number from 0 on
 * @param at {@link System#nanoTime} at its publication, which on Linux is one clock for all
 *     processes
 */
record Event(int number, long at) {
    /** About what an order or a price is long. */
    private static final String TEXT = "x".repeat(100);

    /** For clients that ask for much: 200 of them are more than a connection holds. */
    private static final String LONG_TEXT = "x".repeat(32 << 10);

    String toJson() {
        return json(TEXT);
    }

    String toLongJson() {
        return json(LONG_TEXT);
    }

    private String json(String text) {
        return "{\"number\":" + number + ",\"at\":" + at + ",\"text\":\"" + text + "\"}";
    }
}
