package dev.rustyonions.bus.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may see and do what.
 *
 * <p>With a token of the user's, whoever sends it. Without one, whoever is on this machine: such a
 * page carries a token of the console's own, so requests must come from this machine by a name of
 * this machine. A page of another site whose name has been pointed at this machine sends that
 * site's name.
 */
final class Access {
    /** The shortest token that is taken, in characters. */
    static final int SHORTEST_TOKEN = 16;

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    /** What a proxy adds. Behind one everybody seems to come from this machine. */
    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    private final String token;
    private final boolean ownToken;

    Access(@Nullable String given) {
        ownToken = given == null;
        token = given == null ? random() : given;
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the page carries; empty if its reader has to give the token. */
    String tokenOfPage() {
        return ownToken ? token : "";
    }

    /** Why a request is refused, whatever it asks for; null if it is not. */
    @Nullable String refusal(HttpExchange exchange) {
        if (!ownToken) {
            return null;
        }
        Headers headers = exchange.getRequestHeaders();
        if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()
                || OF_PROXIES.stream().anyMatch(headers::containsKey)) {
            return "This console has no token, so it answers to this machine only. Give it one by"
                    + " Console.builder().token(...).";
        }
        List<String> hosts = headers.getOrDefault("Host", List.of());
        if (hosts.size() != 1 || !LOOPBACK_NAMES.contains(withoutPort(hosts.getFirst()))) {
            return "This console has no token, so it answers to localhost, 127.0.0.1 and [::1]"
                    + " only.";
        }
        return null;
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT);
    }

    /** Whether a request has the token. */
    boolean hasToken(HttpExchange exchange) {
        List<String> given = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        byte[] wanted = ("Bearer " + token).getBytes(UTF_8);
        return given.size() == 1 && MessageDigest.isEqual(given.getFirst().getBytes(UTF_8), wanted);
    }

    /** Whether a request comes from the page, or from a program that is no browser. */
    boolean isFromPage(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        List<String> sites = headers.getOrDefault("Sec-Fetch-Site", List.of());
        if (!sites.isEmpty() && !sites.equals(List.of("same-origin"))) {
            return false;
        }
        List<String> origins = headers.getOrDefault("Origin", List.of());
        if (origins.isEmpty()) {
            return true;
        }
        List<String> hosts = headers.getOrDefault("Host", List.of());
        return origins.size() == 1
                && hosts.size() == 1
                && hosts.getFirst().equalsIgnoreCase(authority(origins.getFirst()));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
