package dev.rustyonions.bus.sse;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A browser, as far as the server sees. */
final class Client implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket = new Socket();
    private final BufferedReader lines;
    private String opened = "";

    /** Asks for the feed, as one that is new if {@code lastEventId} is empty. */
    Client(int port, String path, String lastEventId) {
        try {
            socket.setReceiveBufferSize(4096); // so that one that does not read is noticed soon
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) PATIENCE.toMillis()); // no interrupt ends a read
            String ticket = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
            String request = "GET " + path + " HTTP/1.0\r\n" + ticket + "\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Client(int port) {
        this(port, "/events", "");
    }

    /** Reads the headers and the opening of the stream; the status line. */
    String open() {
        String status = line();
        readUntil("");
        assertThat(line()).isEqualTo("retry: 1000");
        String line = line();
        if (!line.isEmpty()) {
            assertThat(line).startsWith("id: ");
            opened = line.substring("id: ".length());
            assertThat(line()).isEmpty();
        }
        return status;
    }

    /** The identifier that the opening had; empty if it had none. */
    String opened() {
        return opened;
    }

    /** The next frame that is not a heartbeat; empty at the end of the stream. */
    List<String> frame() {
        while (true) {
            List<String> frame = anyFrame();
            if (frame.isEmpty() || !frame.getFirst().equals(": heartbeat")) {
                return frame;
            }
        }
    }

    List<String> anyFrame() {
        List<String> frame = new ArrayList<>();
        String line = line();
        while (line != null && !line.isEmpty()) {
            frame.add(line);
            line = line();
        }
        return frame;
    }

    void readUntil(String wanted) {
        String line = line();
        while (line != null && !line.equals(wanted)) {
            line = line();
        }
        assertThat(line).isEqualTo(wanted);
    }

    String line() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks the connection off at once, so that the server's next write fails. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
