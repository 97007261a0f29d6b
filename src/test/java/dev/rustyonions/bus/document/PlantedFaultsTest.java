package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of planted faults in INVARIANTS.md is of the faults there are, and leaves no invariant
 * without two proofs.
 */
class PlantedFaultsTest {
    private static final Pattern BREAKS = Pattern.compile("# (I-\\d+(?:, I-\\d+)*): .+");
    private static final Pattern TEST = Pattern.compile("`(\\w+)`");

    /**
     * A line of the table: the invariants broken, and the first test to fail of each harness that
     * caught it.
     */
    private record Row(String breaks, List<String> catchers) {}

    @Test
    void everyFaultIsInTheTableWithTheInvariantsItBreaks() throws IOException {
        Map<String, String> breaks = new TreeMap<>();
        table().forEach((mutant, row) -> breaks.put(mutant, row.breaks));
        assertThat(breaks).isEqualTo(mutants());
    }

    @Test
    void everyFaultWasCaughtByTwoHarnessesAtLeast() {
        assertThat(table()).isNotEmpty();
        assertThat(table())
                .allSatisfy((mutant, row) -> assertThat(row.catchers).hasSizeGreaterThan(1));
    }

    @Test
    void everyInvariantHasTwoTestsThatWereSeenToFail() {
        Map<String, TreeSet<String>> failed = new TreeMap<>();
        for (Row row : table().values()) {
            for (String invariant : row.breaks.split(", ")) {
                failed.computeIfAbsent(invariant, i -> new TreeSet<>()).addAll(row.catchers);
            }
        }
        assertThat(failed.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        document().lines().stream()
                                .filter(line -> line.startsWith("## I-"))
                                .map(line -> line.split(" ")[1])
                                .toList());
        assertThat(failed)
                .allSatisfy((invariant, tests) -> assertThat(tests).hasSizeGreaterThan(1));
    }

    @Test
    void everyTestOfTheTableExists() {
        List<String> classes =
                Project.sources().stream()
                        .map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .map(name -> name.replace(".java", ""))
                        .toList();
        assertThat(table().values())
                .allSatisfy(row -> assertThat(classes).containsAll(row.catchers));
    }

    @Test
    void everyFaultCanStillBePlanted(@TempDir Path directory) throws Exception {
        Path root = Project.root();
        List<String> arguments = new ArrayList<>(List.of("--check", root.toString()));
        try (Stream<Path> files = Files.list(root.resolve("mutants"))) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".mutant"))
                    .forEach(arguments::add);
        }
        ForkedJvm.Outcome check =
                ForkedJvm.runSource(directory, root.resolve("mutants/Mutate.java"), arguments);
        assertThat(check).isEqualTo(new ForkedJvm.Outcome(0, ""));
    }

    private static Document document() {
        return Document.read(Project.root().resolve("INVARIANTS.md"));
    }

    private static Map<String, Row> table() {
        Map<String, Row> rows = new TreeMap<>();
        document()
                .section("Planted faults")
                .filter(line -> line.startsWith("| ") && line.contains("I-"))
                .forEach(
                        line -> {
                            List<String> cells = new ArrayList<>(List.of(line.split("\\|")));
                            cells.replaceAll(String::strip);
                            List<String> catchers =
                                    TEST.matcher(line)
                                            .results()
                                            .map(name -> name.group(1))
                                            .toList();
                            rows.put(cells.get(1), new Row(cells.get(2), catchers));
                        });
        return rows;
    }

    private static Map<String, String> mutants() throws IOException {
        try (Stream<Path> files = Files.list(Project.root().resolve("mutants"))) {
            return files.filter(file -> file.toString().endsWith(".mutant"))
                    .collect(
                            Collectors.toMap(
                                    file -> file.getFileName().toString().replace(".mutant", ""),
                                    PlantedFaultsTest::breaks));
        }
    }

    private static String breaks(Path mutant) {
        try (Stream<String> lines = Files.lines(mutant)) {
            return lines.findFirst()
                    .flatMap(line -> BREAKS.matcher(line).results().findFirst())
                    .map(match -> match.group(1))
                    .orElse("nothing: its first line is not \"# I-n: what is broken\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
