package dev.rustyonions.bus.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page, and the entries of the runbook that it shows. */
final class Page {
    private static final String TOKEN = "name=\"ron-bus-token\" content=\"\"";
    private static final Pattern ENTRY = Pattern.compile("(?ms)^### (\\w+)\\n(.*?)(?=^##|\\z)");

    private final byte[] html;
    private final String policy;
    private final byte[] runbook;

    /**
     * Reads what is in the jar.
     *
     * @param token what the page is to carry: letters, digits, {@code -} and {@code _}; or nothing
     */
    Page(String token) {
        String page = resource("console.html");
        html = page.replace(TOKEN, TOKEN.replace("\"\"", '"' + token + '"')).getBytes(UTF_8);
        policy =
                "default-src 'none'; script-src "
                        + hash(page, "script")
                        + "; style-src "
                        + hash(page, "style")
                        + "; img-src data:; connect-src 'self'; base-uri 'none';"
                        + " form-action 'none'; frame-ancestors 'none';"
                        + " require-trusted-types-for 'script'";
        Map<String, String> entries = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(resource("RUNBOOK.md"));
        while (entry.find()) {
            entries.put(entry.group(1), entry.group(2).strip());
        }
        Json json = new Json().begin('{');
        entries.forEach((name, text) -> json.name(name).value(text));
        runbook = json.end('}').toString().getBytes(UTF_8);
    }

    byte[] html() {
        return html.clone();
    }

    /** The content security policy, which allows the page's own script and style and no other. */
    String policy() {
        return policy;
    }

    /** The entries by heading, in JSON. */
    byte[] runbook() {
        return runbook.clone();
    }

    private static String hash(String page, String element) {
        int from = page.indexOf("<" + element + ">") + element.length() + 2;
        String text = page.substring(from, page.indexOf("</" + element + ">"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
