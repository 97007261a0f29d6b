package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.Bus;
import dev.rustyonions.bus.Receiver;
import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The commands of the runbook for a flight recording, as they stand there, on this JVM. */
class RecordingCommandsTest {
    @TempDir private Path directory;

    /** The commands with this process and a file of this test's own in their places. */
    private List<String[]> commands() {
        String file = directory.resolve("bus.jfr").toString();
        return Document.read(Project.root().resolve("RUNBOOK.md")).blocks().stream()
                .filter(block -> block.text().contains("jcmd <pid> JFR.start"))
                .flatMap(block -> block.text().lines())
                .map(line -> line.replace("<pid>", "" + ProcessHandle.current().pid()))
                .map(line -> line.replace("bus.jfr", file).split(" "))
                .toList();
    }

    private String run(String[] command) throws Exception {
        String[] arguments = Stream.of(command).skip(1).toArray(String[]::new);
        ForkedJvm.Outcome outcome = ForkedJvm.runTool(directory, command[0], arguments);
        assertThat(outcome.exit()).as(outcome.printed()).isZero();
        return outcome.printed();
    }

    @Test
    void theCommandsOfTheRunbookShowALagAndTheSamples() throws Exception {
        List<String[]> commands = commands();
        assertThat(commands).hasSize(3);
        run(commands.get(0));
        try (Bus<Integer> bus = Bus.builder().capacity(2).overflowWarnPerMinute(0).build();
                Receiver<Integer> slow = bus.subscribe(o -> o.name("slow"))) {
            for (int i = 0; i < 5000; i++) {
                bus.publish(i);
            }
            slow.drain(10, received -> {});
            run(commands.get(1));
        } finally {
            String stop = "jcmd " + ProcessHandle.current().pid() + " JFR.stop name=bus";
            run(stop.split(" "));
        }
        assertThat(run(commands.get(2)))
                .contains("ronbus.Lag {", "receiver = \"slow\"", "ronbus.Publish {");
    }
}
