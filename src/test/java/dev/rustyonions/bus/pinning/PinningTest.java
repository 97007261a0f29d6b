package dev.rustyonions.bus.pinning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * No call of the bus pins the carrier of a virtual thread. Tried in JVMs of their own that have one carrier, with every pinning
 * recorded, however short; a control that does pin shows that the recording sees it.
 */
@Timeout(180)
class PinningTest {
    private static final String EVENT = "jdk.VirtualThreadPinned";
    private static final String SETTINGS =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="%s">
                <setting name="enabled">true</setting>
                <setting name="stackTrace">true</setting>
                <setting name="threshold">0 ms</setting>
              </event>
            </configuration>
            """
                    .formatted(EVENT);

    @TempDir Path directory;

    /** What a run printed, and the recording. */
    private record Outcome(int exit, String printed, String pinnings) {
        int pinned() {
            return (int) Pattern.compile(EVENT + " \\{").matcher(pinnings).results().count();
        }
    }

    @Test
    void thousandsOfVirtualThreadsOnOneCarrierGetOnAndNoneIsPinned() throws Exception {
        Outcome bus = run("bus");
        assertThat(bus.printed).isEqualTo("received 120000\n");
        assertThat(bus.exit).isZero();
        assertThat(bus.pinned()).as(bus.pinnings).isZero();
    }

    @Test
    void aControlThatPinsIsSeen() throws Exception {
        Outcome control = run("control");
        assertThat(control.exit).isZero();
        assertThat(control.pinned()).isPositive();
        if (Runtime.version().feature() == 21) {
            assertThat(control.printed).contains("<== monitors:1");
        }
    }

    private Outcome run(String what) throws Exception {
        Path settings = Files.writeString(directory.resolve("pinned.jfc"), SETTINGS);
        Path recording = directory.resolve(what + ".jfr");
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(
                List.of(
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-Xlog:disable",
                        "-XX:StartFlightRecording:settings="
                                + settings
                                + ",filename="
                                + recording
                                + ",dumponexit=true"));
        if (Runtime.version().feature() == 21) {
            command.add("-Djdk.tracePinnedThreads=full");
        }
        command.addAll(
                List.of(
                        "-cp",
                        output(Bus.class) + File.pathSeparator + output(SingleCarrier.class),
                        SingleCarrier.class.getName(),
                        what));
        Path printed = directory.resolve(what + ".txt");
        int exit = await(new ProcessBuilder(command).redirectOutput(printed.toFile()));
        Path pinnings = directory.resolve(what + ".pinnings");
        await(
                new ProcessBuilder(tool("jfr"), "print", "--events", EVENT, recording.toString())
                        .redirectOutput(pinnings.toFile()));
        return new Outcome(exit, Files.readString(printed), Files.readString(pinnings));
    }

    private static int await(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** The directory a class was compiled to: the library's, or the tests', which are patched into the library's module. */
    private static Path output(Class<?> type) throws URISyntaxException {
        String file = type.getName().replace('.', '/') + ".class";
        URL url = Objects.requireNonNull(type.getResource("/" + file), file);
        Path path = Path.of(url.toURI());
        for (int i = 0; i < Path.of(file).getNameCount(); i++) {
            path = path.getParent();
        }
        return path;
    }
}
