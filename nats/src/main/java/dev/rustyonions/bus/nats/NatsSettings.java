package dev.rustyonions.bus.nats;

import io.nats.client.Nats;
import io.nats.client.Options;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * What exports and imports are told from outside the program: for each setting the first of
 * builder, system property and environment variable that says anything wins, and only the winner is
 * checked. An empty text says nothing.
 */
final class NatsSettings {
    /** The settings of this process. */
    static final NatsSettings PROCESS = new NatsSettings(System::getProperty, System::getenv);

    private static final String DEFAULT_URL = "nats://127.0.0.1:4222";
    private static final Set<String> SCHEMES = Set.of("nats", "tls", "opentls", "ws", "wss");
    private static final String URL_ALLOWED =
            "nats://, tls://, opentls://, ws:// or wss:// with a host, several with commas between"
                    + " them";
    private static final String STREAM_ALLOWED = Names.ORIGIN_ALLOWED;
    private static final String CREDENTIALS_ALLOWED = "a file that can be read";

    /** Short enough that a server that has stopped is noticed within half a minute. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

    /** The shortest that the client takes: an export that waits for it lags meanwhile. */
    private static final Duration PUSH_TIMEOUT = Options.MINIMUM_WRITE_QUEUE_PUSH_TIMEOUT;

    private static final Duration RECONNECT_WAIT = Duration.ofMillis(500);

    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;

    NatsSettings(
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    /** What was said, and where. */
    private record Said(String source, String text) {}

    /** The first part of the subject. */
    String subject(@Nullable String built) {
        Said said = find("subject", built);
        if (said == null) {
            throw missing("subject", "the first part of the subject", Names.SUBJECT_ALLOWED);
        }
        return Names.subject(said.source, said.text);
    }

    /** The origin of this process. */
    String origin(@Nullable String built) {
        String origin = originIfAny(built);
        if (origin == null) {
            throw missing("origin", "the name of this process", Names.ORIGIN_ALLOWED);
        }
        return origin;
    }

    /** The origin of this process, if one is said. */
    @Nullable String originIfAny(@Nullable String built) {
        Said said = find("origin", built);
        return said == null ? null : Names.origin(said.source, said.text);
    }

    /** The stream, if one is said. */
    @Nullable String stream(@Nullable String built) {
        Said said = find("stream", built);
        if (said != null && !Names.isOrigin(said.text)) {
            throw Names.refused(said.source, said.text, STREAM_ALLOWED);
        }
        return said == null ? null : said.text;
    }

    /** The options of a connection: server and credentials, connected again for ever. */
    Options options() {
        Options.Builder options =
                new Options.Builder()
                        .servers(urls(find("url", null)).toArray(String[]::new))
                        .maxReconnects(-1)
                        .reconnectWait(RECONNECT_WAIT)
                        .pingInterval(PING_INTERVAL)
                        .writeQueuePushTimeout(PUSH_TIMEOUT);
        Said credentials = find("credentials", null);
        if (credentials != null) {
            if (!Files.isReadable(Path.of(credentials.text))) {
                throw Names.refused(credentials.source, credentials.text, CREDENTIALS_ALLOWED);
            }
            options.authHandler(Nats.credentials(credentials.text));
        }
        return options.build();
    }

    private static List<String> urls(@Nullable Said said) {
        if (said == null) {
            return List.of(DEFAULT_URL);
        }
        List<String> urls = new ArrayList<>();
        int secret = said.text.lastIndexOf('@');
        int begin = 0;
        for (String url : said.text.split(",", -1)) {
            if (!isServer(url.strip())) {
                throw Names.refused(
                        said.source, withoutSecret(url, secret - begin).strip(), URL_ALLOWED);
            }
            urls.add(url.strip());
            begin += url.length() + 1;
        }
        return urls;
    }

    /**
     * What may be told of a server that is refused. A password may have any character, also those
     * that part servers, or a server and its path. So nothing before the last at sign is told.
     */
    private static String withoutSecret(String url, int lastAt) {
        return lastAt < 0 ? url : "..." + url.substring(Math.min(lastAt, url.length()));
    }

    private static boolean isServer(String url) {
        try {
            URI uri = new URI(url);
            return uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme())
                    && uri.getHost() != null
                    && !behindAuthority(uri).contains("@");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Path, query and fragment: with an at sign there, the host is a part of a password. */
    private static String behindAuthority(URI uri) {
        String text = uri.getRawSchemeSpecificPart() + "#" + uri.getRawFragment();
        return text.substring("//".length() + uri.getRawAuthority().length());
    }

    private @Nullable Said find(String setting, @Nullable String built) {
        if (built != null) {
            return new Said(setting + "(" + Names.quoted(built) + ")", built);
        }
        Said property = said(properties, property(setting));
        return property != null ? property : said(environment, variable(setting));
    }

    private static @Nullable Said said(Function<String, @Nullable String> source, String key) {
        String text = source.apply(key);
        return text == null || text.isEmpty() ? null : new Said(key, text);
    }

    private static String property(String setting) {
        return "ron.nats." + setting;
    }

    private static String variable(String setting) {
        return "RON_NATS_" + setting.toUpperCase(Locale.ROOT);
    }

    private static IllegalArgumentException missing(String setting, String what, String allowed) {
        return new IllegalArgumentException(
                setting
                        + ": "
                        + what
                        + " is not given, neither by the builder nor by "
                        + property(setting)
                        + " nor by "
                        + variable(setting)
                        + "; allowed are "
                        + allowed);
    }
}
