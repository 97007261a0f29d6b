package dev.rustyonions.bus.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers the requests of the console: a page, what the page reads, and what its reader may do.
 * There is nothing here that a path could lead to but what is named.
 */
final class Site implements HttpHandler {
    /** Pages open at once. */
    static final int MOST_PAGES = 100;

    /** The longest body of a request, in bytes. */
    static final int LONGEST_BODY = 1_024;

    private static final Pattern EVICT =
            Pattern.compile(
                    "bus=(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})"
                            + "&receiver=(\\d{1,18})");
    private static final Pattern PANEL = Pattern.compile("control=(\\d{1,4})&value=(\\d{1,4})");

    private final Console console;
    private final Access access;
    private final Page page;
    private final Exchanges exchanges;
    private final AtomicInteger pages = new AtomicInteger();

    Site(Console console, Access access, Exchanges exchanges) {
        this.console = console;
        this.access = access;
        this.page = new Page(access.tokenOfPage());
        this.exchanges = exchanges;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Cache-Control", "no-store");
            headers.set("Content-Security-Policy", page.policy());
            headers.set("Cross-Origin-Opener-Policy", "same-origin");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("X-Frame-Options", "DENY");
            String refusal = access.refusal(exchange);
            if (refusal != null) {
                answer(exchange, 403, refusal);
                return;
            }
            switch (path(exchange)) {
                case "" -> toTheFolder(exchange);
                case "/" -> get(exchange, "text/html; charset=utf-8", page.html());
                case "/runbook" -> get(exchange, "application/json", page.runbook());
                case "/history" -> {
                    if (mayRead(exchange)) {
                        byte[] history = console.history().getBytes(US_ASCII);
                        send(exchange, 200, "application/json", history);
                    }
                }
                case "/readings" -> {
                    if (mayRead(exchange)) {
                        stream(exchange);
                    }
                }
                case "/evict" -> {
                    if (mayAct(exchange)) {
                        evict(exchange);
                    }
                }
                case "/panel" -> {
                    if (mayAct(exchange)) {
                        usePanel(exchange);
                    }
                }
                default -> answer(exchange, 404, "There is nothing here.");
            }
        }
    }

    /** The path within the context, as it was sent. */
    private static String path(HttpExchange exchange) {
        String context = exchange.getHttpContext().getPath();
        String base = context.endsWith("/") ? context.substring(0, context.length() - 1) : context;
        String path = exchange.getRequestURI().getRawPath();
        return path.startsWith(base) ? path.substring(base.length()) : path;
    }

    /** The page asks for what lies beside it, so its address has to end with a slash. */
    private static void toTheFolder(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", exchange.getHttpContext().getPath() + "/");
        exchange.sendResponseHeaders(308, -1);
    }

    private boolean isMethod(HttpExchange exchange, String method) throws IOException {
        if (exchange.getRequestMethod().equals(method)) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", method);
        answer(exchange, 405, "Only " + method + " is allowed here.");
        return false;
    }

    private void get(HttpExchange exchange, String type, byte[] body) throws IOException {
        if (isMethod(exchange, "GET")) {
            send(exchange, 200, type, body);
        }
    }

    private boolean mayRead(HttpExchange exchange) throws IOException {
        return isMethod(exchange, "GET") && hasToken(exchange);
    }

    private boolean mayAct(HttpExchange exchange) throws IOException {
        if (!isMethod(exchange, "POST") || !hasToken(exchange)) {
            return false;
        }
        if (!access.isFromPage(exchange)) {
            answer(exchange, 403, "The request comes from a page of another origin.");
            return false;
        }
        return true;
    }

    private boolean hasToken(HttpExchange exchange) throws IOException {
        if (access.hasToken(exchange)) {
            return true;
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        answer(exchange, 401, "The token is missing or wrong: Authorization: Bearer <token>.");
        return false;
    }

    private void stream(HttpExchange exchange) throws IOException {
        if (pages.incrementAndGet() > MOST_PAGES) {
            pages.decrementAndGet();
            answer(exchange, 503, "There are " + MOST_PAGES + " pages open already.");
            return;
        }
        try {
            if (!exchanges.beginStream()) {
                return;
            }
            try {
                console.stream(exchange);
            } finally {
                exchanges.endStream();
            }
        } finally {
            pages.decrementAndGet();
        }
    }

    private void evict(HttpExchange exchange) throws IOException {
        Optional<String> body = body(exchange);
        if (body.isEmpty()) {
            return;
        }
        Matcher form = EVICT.matcher(body.get());
        if (!form.matches()) {
            answer(exchange, 400, "The body has to be bus=<id>&receiver=<number>.");
            return;
        }
        UUID bus = UUID.fromString(form.group(1));
        boolean evicted =
                console.evict(bus, Long.parseLong(form.group(2)), exchange.getRemoteAddress());
        answer(
                exchange,
                evicted ? 200 : 404,
                evicted ? "Evicted." : "No receiver that lives has that number.");
    }

    private void usePanel(HttpExchange exchange) throws IOException {
        Optional<String> body = body(exchange);
        if (body.isEmpty()) {
            return;
        }
        Matcher form = PANEL.matcher(body.get());
        boolean used =
                form.matches()
                        && console.usePanel(
                                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
        answer(
                exchange,
                used ? 200 : 400,
                used ? "Done." : "There is no such control or position.");
    }

    /** The body; empty if it is too long, which has been answered then. */
    private static Optional<String> body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            // The rest is not read.
            exchange.getResponseHeaders().set("Connection", "close");
            answer(exchange, 413, "The body is longer than " + LONGEST_BODY + " bytes.");
            return Optional.empty();
        }
        return Optional.of(new String(body, US_ASCII));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        OutputStream out = exchange.getResponseBody();
        out.write(body);
        // Before the close, which first waits for what is left of the request.
        out.flush();
    }
}
