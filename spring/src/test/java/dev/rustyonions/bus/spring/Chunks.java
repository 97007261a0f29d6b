package dev.rustyonions.bus.spring;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of a response that comes in chunks, without their lengths (RFC 9112, 7.1). */
final class Chunks extends InputStream {
    private final InputStream in;

    /** Bytes left of this chunk; -1 after the last. */
    private int left;

    Chunks(InputStream in) {
        this.in = in;
    }

    /** A line, without its end. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new EOFException("the response is cut off after: " + line);
            }
            line.append((char) read);
        }
        return line.toString().strip();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            left = Integer.parseInt(line(in), 16);
            if (left == 0) {
                line(in);
                left = -1;
            }
        }
        if (left < 0) {
            return -1;
        }
        int read = in.read(bytes, offset, Math.min(length, left));
        if (read < 0) {
            throw new EOFException("the response is cut off in a chunk");
        }
        left -= read;
        if (left == 0) {
            line(in);
        }
        return read;
    }
}
