package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/** What the bridge does not tell, and does not ask. */
class DiscretionTest {
    @TempDir Path directory;

    @Test
    void noEventGetsIntoTheLogOrATextThoughEncoderAndDecoderQuoteIt() throws Exception {
        Lines log = new Lines();
        Logger logger = Logger.getLogger("dev.rustyonions.bus.nats");
        logger.addHandler(log);
        try (NatsServer server = NatsServer.start(directory);
                NatsImport<String> imported =
                        NatsImport.<String>builder(DiscretionTest::refuse)
                                .subject(Texts.SUBJECT)
                                .connection(server.connect())
                                .start();
                Bus<String> bus = Bus.create(64)) {
            NatsExport<String> export =
                    NatsExport.builder(bus, DiscretionTest::encodeSome)
                            .subject(Texts.SUBJECT)
                            .origin("shop")
                            .connection(server.connect())
                            .start();
            bus.publish("secret");
            bus.publish("secret that is not encoded");
            export.close();
            Accounts.awaitNext(2, "shop", imported);
            assertThat(log.lines)
                    .hasSize(2)
                    .anyMatch(line -> line.contains("encoder has thrown java.lang.IllegalArg"))
                    .anyMatch(line -> line.contains("decoder has thrown java.lang.IllegalArg"))
                    .noneMatch(line -> line.contains("secret"));
            assertThat(export + " " + imported + " " + export.stats() + " " + imported.stats())
                    .doesNotContain("secret");
            assertThat(new Remote.Arrived<>("shop", 7, "secret")).hasToString("Arrived[shop, 7]");
        } finally {
            logger.removeHandler(log);
        }
    }

    /** So that a clock that is set wrong, or set anew, changes nothing. */
    @Test
    void noSourceReadsTheTimeOfDay() throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> files = sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(files).hasSizeGreaterThan(10);
            for (Path file : files) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContain("currentTimeMillis", "Instant.now", "Clock", "new Date");
            }
        }
    }

    private static byte[] encodeSome(String text) {
        if (!text.equals("secret")) {
            throw new IllegalArgumentException(text);
        }
        return text.getBytes(UTF_8);
    }

    private static String refuse(byte[] bytes) {
        throw new IllegalArgumentException(new String(bytes, UTF_8));
    }

    /** Keeps what is logged. */
    private static final class Lines extends Handler {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
