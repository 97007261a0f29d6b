package dev.rustyonions.bus.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends what it is told, whether a browser would or not. */
final class Http implements AutoCloseable {
    /** How the server has answered; status 0 if it closed the connection instead. */
    record Answer(int status, List<String> headers, String body) {
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return headers.stream()
                    .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(header -> header.substring(start.length()))
                    .findFirst()
                    .orElse("");
        }
    }

    private static final Pattern TOKEN =
            Pattern.compile("<meta name=\"ron-bus-token\" content=\"([\\w-]+)\"");

    private final Socket socket = new Socket();
    private final InputStream in;

    Http(Console console) {
        this(console.uri().getPort());
    }

    Http(int port) {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(30_000); // no interrupt ends a read
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request with a right Host and these headers beside it; its answer. */
    static Answer get(Console console, String path, String... headers) {
        return request(console, "GET " + path, "", headers);
    }

    static Answer post(Console console, String path, String body, String... headers) {
        return request(console, "POST " + path, body, headers);
    }

    private static Answer request(Console console, String what, String body, String... headers) {
        try (Http http = new Http(console)) {
            StringBuilder request = new StringBuilder(what + " HTTP/1.1\r\n");
            if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
                request.append("Host: localhost:" + console.uri().getPort() + "\r\n");
            }
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            if (!body.isEmpty()) {
                request.append("Content-Length: " + body.length() + "\r\n");
            }
            http.send(request + "\r\n" + body);
            return http.answer();
        }
    }

    static String evictBody(UUID bus, long receiver) {
        return "bus=" + bus + "&receiver=" + receiver;
    }

    /** The header with the token that the console's page carries. */
    static String tokenOf(Console console) {
        Matcher token = TOKEN.matcher(get(console, "/").body());
        if (!token.find()) {
            throw new AssertionError("the page carries no token");
        }
        return "Authorization: Bearer " + token.group(1);
    }

    void send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer answer() {
        String status = line();
        if (status.isEmpty()) {
            return new Answer(0, List.of(), "");
        }
        List<String> headers = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header);
        }
        Answer head = new Answer(Integer.parseInt(status.split(" ")[1]), headers, "");
        String length = head.header("Content-Length");
        try {
            byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
            return new Answer(head.status(), headers, new String(body, ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line; empty at the end of the connection too. */
    String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.write(next);
            }
        } catch (IOException e) {
            return ""; // reset
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /** The data of the next event of that type of a stream of events. */
    String event(String type) {
        // One empty line ends an event; two are the end of the stream.
        String before = "event";
        for (String line = line(); !line.isEmpty() || !before.isEmpty(); line = line()) {
            if (line.equals("event: " + type)) {
                line();
                return line().substring("data: ".length());
            }
            before = line;
        }
        throw new AssertionError("the stream has ended without " + type);
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
