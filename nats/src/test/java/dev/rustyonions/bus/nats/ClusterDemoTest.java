package dev.rustyonions.bus.nats;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/** The demo of a cluster does what it says. */
class ClusterDemoTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeProcessesBalanceThoughTheirServerIsKilledInBetween(boolean isStream)
            throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean balanced =
                new ClusterDemo(directory, new PrintStream(printed, true, UTF_8), 500, isStream)
                        .run();
        assertThat(balanced).as(printed.toString(UTF_8)).isTrue();
        assertThat(printed.toString(UTF_8).lines().filter(line -> line.contains("; lost: ")))
                .hasSize(6);
    }
}
