package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo with its page: what the controls do, and that the account still balances. */
class DemoWebTest {
    private static final Pattern ADDRESS = Pattern.compile("Look at (http://localhost:\\d+/)");
    private static final Pattern TOKEN =
            Pattern.compile("<meta name=\"ron-bus-token\" content=\"([\\w-]+)\"");
    private static final Pattern WAITING = Pattern.compile("\"waiting\":([1-9]\\d*)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The controls, in their order. */
    private static final int LOAD = 0;

    private static final int STALL = 1;
    private static final int LOSSLESS = 2;
    private static final int WAITS = 3;
    private static final int ADD = 4;
    private static final int REMOVE = 5;

    private String address;
    private String token;

    @Test
    void publishersThatThePageHasHeldUpAreFreedAtTheEndAndTheAccountBalances() throws Exception {
        Jvm demo =
                Jvm.start(
                        Jvm.DEMO,
                        "dev.rustyonions.bus.demo/dev.rustyonions.bus.demo.Demo",
                        "--web",
                        "0");
        Awaitility.await().atMost(PATIENCE).until(() -> finds(demo));
        Matcher page = TOKEN.matcher(text("GET", "", ""));
        assertTrue(page.find());
        token = page.group(1);

        use(ADD, 0);
        use(REMOVE, 0);
        use(REMOVE, 0);
        use(LOSSLESS, 0);
        use(WAITS, 0);
        use(STALL, 0);
        use(LOAD, 6);
        Awaitility.await().atMost(PATIENCE).until(() -> WAITING.matcher(reading()).find());
        String reading = reading();
        assertTrue(reading.contains("\"label\":\"Wake fast-1\""), reading);
        assertTrue(reading.contains("\"label\":\"Let fast-1 lose again\""), reading);
        demo.interrupt();

        Jvm.Outcome outcome = demo.outcome();
        assertTrue(outcome.last().endsWith("balanced=yes"), () -> outcome.lines().toString());
        assertEquals(0, outcome.status(), () -> outcome.lines().toString());
        // fast-1 as it was at first, and the one that was added, have not been there throughout.
        assertTrue(outcome.last().contains(" receivers=3 "), outcome.last());
    }

    private boolean finds(Jvm demo) throws IOException {
        Matcher found = ADDRESS.matcher(String.join("\n", demo.lines()));
        if (found.find()) {
            address = found.group(1);
        }
        return address != null;
    }

    private void use(int control, int value) throws IOException {
        assertEquals("Done.\n", text("POST", "panel", "control=" + control + "&value=" + value));
    }

    /** One reading of the page. */
    private String reading() throws IOException {
        HttpURLConnection connection = connect("GET", "readings");
        try (InputStream in = connection.getInputStream()) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, US_ASCII));
            String event = "";
            while (true) {
                String line = lines.readLine();
                if (line.startsWith("data: ") && event.equals("event: reading")) {
                    return line;
                }
                event = line.startsWith("event: ") ? line : event;
            }
        } finally {
            connection.disconnect();
        }
    }

    private String text(String method, String path, String body) throws IOException {
        HttpURLConnection connection = connect(method, path);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(US_ASCII));
            }
        }
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private HttpURLConnection connect(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setReadTimeout((int) PATIENCE.toMillis());
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }
}
