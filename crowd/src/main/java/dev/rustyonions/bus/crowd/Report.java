package dev.rustyonions.bus.crowd;

import org.HdrHistogram.Histogram;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;

/**
 * What the clients of one process got.
 *
 * @param clients how many of them stayed
 * @param complete those that were sent each event, in order, and then the end of the stream
 * @param events events that all of them got
 * @param missed events that they were told to have missed
 * @param gaps how often an event was not the next one, untold
 * @param firstAt {@link System#nanoTime} when the first event came
 * @param lastAt when the last one came
 * @param latency from the publication of each event to its arrival, in nanoseconds
 */
record Report(
        int clients,
        int complete,
        long events,
        long missed,
        long gaps,
        long firstAt,
        long lastAt,
        Histogram latency) {
    /** A minute at most, to two digits. */
    static Histogram histogram() {
        return new Histogram(1_000, 600_000_000_000L, 2);
    }

    static Report none() {
        return new Report(0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE, histogram());
    }

    Report and(Report other) {
        Histogram all = histogram();
        all.add(latency);
        all.add(other.latency);
        return new Report(
                clients + other.clients,
                complete + other.complete,
                events + other.events,
                missed + other.missed,
                gaps + other.gaps,
                Math.min(firstAt, other.firstAt),
                Math.max(lastAt, other.lastAt),
                all);
    }

    /** In a line, for another process. */
    String line() {
        ByteBuffer encoded = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
        int length = latency.encodeIntoCompressedByteBuffer(encoded);
        byte[] bytes = new byte[length];
        encoded.get(0, bytes);
        return String.join(
                " ",
                String.valueOf(clients),
                String.valueOf(complete),
                String.valueOf(events),
                String.valueOf(missed),
                String.valueOf(gaps),
                String.valueOf(firstAt),
                String.valueOf(lastAt),
                Base64.getEncoder().encodeToString(bytes));
    }

    static Report parse(String line) {
        String[] parts = line.split(" ", -1);
        try {
            return new Report(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Long.parseLong(parts[6]),
                    Histogram.decodeFromCompressedByteBuffer(
                            ByteBuffer.wrap(Base64.getDecoder().decode(parts[7])), 0));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(line, e);
        }
    }
}
