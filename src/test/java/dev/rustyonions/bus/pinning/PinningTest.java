package dev.rustyonions.bus.pinning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Mode;
import dev.rustyonions.bus.fixture.Effort;
import dev.rustyonions.bus.fixture.EveryCall;
import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * No call of the bus pins the carrier of a virtual thread. Tried in JVMs of their own that have one
 * carrier, with every pinning recorded, however short; a control that does pin shows that the
 * recording sees it.
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
        int each = Effort.of(250, 1000);
        Outcome bus = run("bus", String.valueOf(each));
        int receivers = Mode.values().length * 2 * each;
        assertThat(bus.printed)
                .isEqualTo(
                        "received %d\n"
                                .formatted(
                                        receivers * SingleCarrier.CALLERS * EveryCall.PUBLISHED));
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

    private Outcome run(String what, String... more) throws Exception {
        Path settings = Files.writeString(directory.resolve("pinned.jfc"), SETTINGS);
        Path recording = directory.resolve(what + ".jfr");
        // Neither the compiler nor the collector makes a call pin; the full run has the default
        // ones all the same.
        List<String> options = new ArrayList<>(Effort.of(ForkedJvm.SHORT_LIVED, List.<String>of()));
        options.addAll(
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
            options.add("-Djdk.tracePinnedThreads=full");
        }
        List<String> arguments = new ArrayList<>(List.of(what));
        arguments.addAll(List.of(more));
        ForkedJvm.Outcome run =
                ForkedJvm.run(
                        directory, SingleCarrier.class, options, arguments.toArray(String[]::new));
        String pinnings =
                ForkedJvm.runTool(
                                directory, "jfr", "print", "--events", EVENT, recording.toString())
                        .printed();
        return new Outcome(run.exit(), run.printed(), pinnings);
    }
}
