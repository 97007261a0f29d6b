package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import io.nats.client.Options;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings from builder, property and environment. */
class NatsSettingsTest {
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final NatsSettings settings = new NatsSettings(properties::get, environment::get);

    @Test
    void theFirstOfBuilderPropertyAndVariableThatSaysAnythingWins() {
        environment.put("RON_NATS_SUBJECT", "of.variable");
        assertThat(settings.subject(null)).isEqualTo("of.variable");
        properties.put("ron.nats.subject", "");
        assertThat(settings.subject(null)).isEqualTo("of.variable");
        properties.put("ron.nats.subject", "of.property");
        assertThat(settings.subject(null)).isEqualTo("of.property");
        assertThat(settings.subject("of.builder")).isEqualTo("of.builder");
    }

    @Test
    void onlyTheSourceThatWinsIsChecked() {
        environment.put("RON_NATS_ORIGIN", "not allowed");
        assertThat(settings.origin("shop")).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a.b", "*", ">", "a b", "a\tb", "a\nb", "a\u0000", "\u00e4", "$SYS"
            })
    void anOriginThatIsNoPlainNameIsRefusedByTheBuilder(String origin) {
        assertThatThrownBy(() -> settings.origin(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "origin("
                                + Names.quoted(origin)
                                + "): "
                                + Names.quoted(origin)
                                + " is not allowed; allowed are 1 to 64 characters of letters,"
                                + " digits, '-' and '_', ASCII all of them");
    }

    @Test
    void anOriginIsNoLongerThan64Characters() {
        assertThat(settings.origin("x".repeat(64))).hasSize(64);
        assertThatThrownBy(() -> settings.origin("x".repeat(65)))
                .hasMessageContaining("... (65 characters)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a.*", "a.>", ">", "a b", "a\r\nPUB x"})
    void aSubjectThatIsNoChainOfNamesIsRefusedWithItsSource(String subject) {
        if (!subject.isEmpty()) {
            environment.put("RON_NATS_SUBJECT", subject);
            assertThatThrownBy(() -> settings.subject(null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("RON_NATS_SUBJECT: " + Names.quoted(subject))
                    .hasMessageEndingWith("with dots between them, 1 to 128 characters in all");
        }
        assertThatThrownBy(() -> settings.subject(subject)).hasMessageStartingWith("subject(\"");
    }

    @Test
    void aMissingNameSaysWhereItMayBeGiven() {
        assertThatThrownBy(() -> settings.origin(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither by the builder")
                .hasMessageContaining("ron.nats.origin")
                .hasMessageContaining("RON_NATS_ORIGIN");
        assertThat(settings.originIfAny(null)).isNull();
    }

    @Test
    void theServersComeFromOutsideAndAreConnectedToAgainForEver() {
        properties.put("ron.nats.url", "nats://one.example:4222, tls://two.example:4333");
        Options options = settings.options();
        assertThat(options.getServers())
                .extracting(URI::getHost)
                .containsExactly("one.example", "two.example");
        assertThat(options.getMaxReconnect()).isEqualTo(-1);
        assertThat(options.getAuthHandler()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user:secret@host",
                "http://user:secret@host",
                "nats://user:secret@",
                "nats://user:secret,secret@host",
                "nats://user:se,secret@host",
                "nats://user:secret/secret@host",
                "nats://user:1/secret@host",
                "nats://user:1?secret@host",
                "nats://user:1#secret@host",
                "nats://user:1@secret/secret@host",
                ","
            })
    void aServerThatIsNoneIsRefusedWithoutItsPassword(String url) {
        environment.put("RON_NATS_URL", url);
        assertThatThrownBy(settings::options)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("RON_NATS_URL: ")
                .hasMessageContaining("allowed are nats://")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void aServerBehindOneWithAPasswordIsToldAsItStands() {
        environment.put("RON_NATS_URL", "nats://user:secret@one, ftp://two");
        assertThatThrownBy(settings::options).hasMessageContaining("\"ftp://two\"");
    }

    @Test
    @SuppressWarnings("try") // closed before the end
    void aServerThatIsNotReachedIsToldWithoutItsPassword() throws Exception {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put(
                    "RON_NATS_URL", "nats://user:secret@127.0.0.1:" + nobody.getLocalPort());
            nobody.close();
            assertThatThrownBy(() -> Link.of(null, null, settings))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("...@127.0.0.1")
                    .satisfies(
                            e -> {
                                StringWriter told = new StringWriter();
                                e.printStackTrace(new PrintWriter(told));
                                assertThat(told.toString()).doesNotContain("secret");
                            });
        }
    }

    @Test
    void credentialsAreAFileThatIsThere(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("shop.creds"), "-----BEGIN");
        properties.put("ron.nats.credentials", file.toString());
        assertThat(settings.options().getAuthHandler()).isNotNull();
        properties.put("ron.nats.credentials", file + ".gone");
        assertThatThrownBy(settings::options)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ron.nats.credentials: ")
                .hasMessageEndingWith("allowed are a file that can be read");
    }

    @Test
    void optionsThatGiveUpAreRefused() {
        try (Bus<String> bus = Bus.create(2)) {
            Options options = new Options.Builder().build();
            assertThatThrownBy(() -> Texts.export(bus, "shop").options(options).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "options: maxReconnects(60) is not allowed; allowed is -1, so that an"
                                    + " outage ends nothing for good");
            assertThat(bus.stats().receivers()).isZero();
        }
    }

    @Test
    void numbersAndTimesOutOfRangeAreRefused() {
        try (Bus<String> bus = Bus.create(2)) {
            NatsExport.Builder<String> export = Texts.export(bus, "shop");
            for (Duration none :
                    List.of(
                            Duration.ZERO,
                            Duration.ofNanos(999_999),
                            Duration.ofDays(2),
                            Duration.ofSeconds(Long.MAX_VALUE))) {
                assertThatThrownBy(() -> export.heartbeat(none))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "heartbeat("
                                        + none
                                        + "): allowed are durations from one millisecond to one"
                                        + " day");
            }
            assertThatThrownBy(() -> export.lossless(Duration.ofSeconds(-1)))
                    .hasMessage("lossless(PT-1S): allowed are durations of more than zero");
            assertThatThrownBy(() -> export.closeTimeout(Duration.ZERO))
                    .hasMessage("closeTimeout(PT0S): allowed are durations of more than zero");
        }
        NatsImport.Builder<String> importing =
                NatsImport.builder(bytes -> new String(bytes, UTF_8));
        assertThatThrownBy(() -> importing.pendingMessages(0))
                .hasMessage("pendingMessages(0): allowed are 1 and more");
        assertThatThrownBy(() -> importing.maxOrigins(0))
                .hasMessage("maxOrigins(0): allowed are 1 and more");
    }
}
