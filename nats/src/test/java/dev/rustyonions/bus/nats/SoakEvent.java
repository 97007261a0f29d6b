package dev.rustyonions.bus.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An event of the soak. On the wire it says which run of its export has sent it, and its sequence
 * on the bus of the export, from which its number can be checked.
 *
 * @param run the run of the export
 * @param sequence its sequence on the bus
 * @param kind {@value #PLAIN}, or a trouble to be had with it
 */
record SoakEvent(int run, long sequence, String kind) {
    static final String PLAIN = "plain";
    static final String TOO_LARGE = "too large";
    static final String NOT_ENCODABLE = "not encodable";
    static final String UNDECODABLE = "undecodable";
    static final String UNKNOWN = "unknown";

    private static final int LARGE = 10_000;

    /** As the export of that run encodes it. */
    byte[] toBytes(int run) {
        return switch (kind) {
            case NOT_ENCODABLE -> throw new IllegalArgumentException(kind);
            case TOO_LARGE -> new byte[LARGE];
            default -> (run + ":" + sequence + ":" + kind).getBytes(UTF_8);
        };
    }

    static SoakEvent of(byte[] bytes) {
        String[] fields = new String(bytes, UTF_8).split(":", -1);
        return switch (fields[2]) {
            case UNDECODABLE -> throw new IllegalArgumentException(UNDECODABLE);
            case UNKNOWN -> null;
            default ->
                    new SoakEvent(
                            Integer.parseInt(fields[0]), Long.parseLong(fields[1]), fields[2]);
        };
    }
}
