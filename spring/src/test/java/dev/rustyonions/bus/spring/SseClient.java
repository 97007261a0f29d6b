package dev.rustyonions.bus.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A browser, as far as the server sees: a connection of HTTP/1.1 that asks for a feed. */
final class SseClient implements AutoCloseable {
    /** So long that only a hang exceeds it, on a busy machine too. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket;
    private final BufferedReader lines;

    SseClient(int port) throws IOException {
        this(port, "GET", "/events");
    }

    SseClient(int port, String method, String path, String... headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis()); // no interrupt ends a read
        StringBuilder request =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: shop\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream()
                .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        lines =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads up to a line, past the sizes of chunks; null if the stream ends before. */
    String until(String beginning) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = lines.readLine();
        }
        return line;
    }

    /** Reads up to the end, which is a chunk of no bytes: the response was completed. */
    void untilComplete() throws IOException {
        assertThat(until("0")).isEqualTo("0");
        assertThat(lines.readLine()).isEmpty();
    }

    /** Reads up to the end of the connection, of whatever kind it is. */
    void untilCutOff() throws IOException {
        try {
            while (lines.read() >= 0) {
                // What was under way still comes.
            }
        } catch (SocketException reset) {
            // This is an end too.
        }
    }

    /** Leaves with a reset in place of the usual end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
