package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Workflows run the actions that were looked at, with no more rights than they need. */
class WorkflowsTest {
    private static final Path WORKFLOWS = Path.of("../.github/workflows");
    private static final Pattern PINNED =
            Pattern.compile("\\s*(?:- )?uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");

    @Test
    void everyActionIsPinnedByItsHashWithTheVersionBehindIt() throws IOException {
        List<String> uses = new ArrayList<>();
        for (Path workflow : workflows()) {
            uses.addAll(unpinned(Files.readString(workflow)));
        }
        assertThat(uses).isEmpty();
    }

    @Test
    void everyWorkflowBeginsWithTheRightToReadAndNoOther() throws IOException {
        for (Path workflow : workflows()) {
            assertThat(Files.readString(workflow))
                    .as(workflow.toString())
                    .containsPattern("(?m)^permissions:\\n {2}contents: read\\n\\n");
        }
    }

    @Test
    void noJobHasMoreRightsThanItIsKnownToNeed() throws IOException {
        List<String> given = new ArrayList<>();
        for (Path workflow : workflows()) {
            Files.readString(workflow)
                    .lines()
                    .map(line -> line.replaceFirst(" #.*", "").strip())
                    .filter(line -> line.matches("permissions: .+|[a-z-]+: write.*"))
                    .forEach(line -> given.add(workflow.getFileName() + ": " + line));
        }
        assertThat(given)
                .containsExactlyInAnyOrder(
                        "ci.yml: contents: write", // what it depends on is told to GitHub
                        "release.yml: id-token: write", // of the statement of provenance
                        "release.yml: attestations: write");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "      - uses: actions/checkout@v5",
                "        uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
                "      - uses: actions/checkout@08c6903 # v5.0.0",
            })
    void anActionThatIsNotPinnedIsFound(String line) {
        assertThat(unpinned("steps:\n" + line + "\n")).containsExactly(line);
    }

    private static List<String> unpinned(String workflow) {
        return workflow.lines()
                .filter(line -> line.contains("uses:"))
                .filter(line -> !PINNED.matcher(line).matches())
                .toList();
    }

    private static List<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(WORKFLOWS)) {
            List<Path> workflows = files.filter(file -> file.toString().endsWith(".yml")).toList();
            assertThat(workflows).hasSizeGreaterThanOrEqualTo(3);
            return workflows;
        }
    }
}
