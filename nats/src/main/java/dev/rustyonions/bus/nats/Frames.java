package dev.rustyonions.bus.nats;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Several events in the body of one message: of each its length in four bytes, the highest first,
 * and then its bytes. Reads such a body, which comes from outside. One thread owns it.
 */
final class Frames {
    /** What an event takes besides its bytes. */
    static final int OVERHEAD = Integer.BYTES;

    private final ByteBuffer left;

    Frames(byte[] body) {
        this.left = ByteBuffer.wrap(body);
    }

    static byte[] join(List<byte[]> events) {
        int length = events.stream().mapToInt(event -> OVERHEAD + event.length).sum();
        ByteBuffer body = ByteBuffer.allocate(length);
        for (byte[] event : events) {
            body.putInt(event.length).put(event);
        }
        return body.array();
    }

    /** The next event; null if there is none, or the rest is not what {@link #join} makes. */
    byte @Nullable [] next() {
        if (left.remaining() < OVERHEAD) {
            return null;
        }
        int length = left.getInt();
        if (length < 0 || length > left.remaining()) {
            left.position(left.limit());
            return null;
        }
        byte[] event = new byte[length];
        left.get(event);
        return event;
    }
}
