package dev.rustyonions.bus.nats;

import static dev.rustyonions.bus.nats.NatsServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A process that exports is killed in mid-stream and started again. */
class KilledProcessTest {
    @TempDir Path directory;

    @Test
    void eachRunOfAProcessThatIsKilledBeginsAtZeroWithoutAFalseLoss() throws Exception {
        try (NatsServer server = NatsServer.start(directory);
                NatsImport<String> imported = Texts.importing(server.connect());
                Follower follower = Follower.of(imported)) {
            Set<String> epochs = new HashSet<>();
            for (int run = 0; run < 3; run++) {
                Follower.Seen seen = follower.of("shop");
                int restarts = run;
                Process process = Jvm.start(ExportProcess.class, server.url(), "shop");
                try {
                    epochs.add(firstLine(process));
                    await().until(() -> seen.restarts == restarts && seen.next > 500);
                } finally {
                    process.destroyForcibly(); // kill -9
                    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                }
            }
            follower.check();
            assertThat(epochs).hasSize(3);
            assertThat(follower.of("shop").first).isZero();
            assertThat(follower.of("shop").lost).isEmpty();
            OriginStats there = Accounts.stats("shop", imported);
            assertThat(there.restarts()).isEqualTo(2);
            assertThat(there.duplicates()).isZero();
            assertThat(there.stale()).isZero();
        }
    }

    private static String firstLine(Process process) throws Exception {
        return Objects.requireNonNull(
                new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))
                        .readLine(),
                "the process has ended");
    }
}
