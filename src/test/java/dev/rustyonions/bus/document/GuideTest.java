package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The user's guide has no page that its index or the other tests leave out; README and RUNBOOK stay
 * short.
 */
class GuideTest {
    private static final Pattern PAGE = Pattern.compile("[\\w-]+\\.md");
    private static final Pattern NUMBER = Pattern.compile("\\d(?:[\\d,]*\\d)?(?:\\.\\d+)?");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern ENTRY =
            Pattern.compile("^\\| \\[(\\w+)\\]\\(\\.\\./RUNBOOK\\.md#");

    /**
     * Java is compiled, and the text below a program compared. Kotlin is quoted from a file that a
     * build compiles. The rest says what it is.
     */
    private static final Set<String> LANGUAGES =
            Set.of("java", "kotlin", "text", "sh", "xml", "mermaid", "diff");

    @Test
    void everyPageIsInTheIndexAndTheIndexNamesNoOther() throws IOException {
        Set<String> linked =
                read("docs/README.md").links().stream()
                        .map(link -> link.target().replaceFirst("#.*", ""))
                        .filter(target -> PAGE.matcher(target).matches())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(pages()).hasSizeGreaterThan(10);
        assertThat(linked).isEqualTo(pages());
    }

    @Test
    void everyPageIsAmongTheDocumentsThatTheTestsRead() throws IOException {
        Set<Path> tested = Document.all().stream().map(Document::path).collect(Collectors.toSet());
        for (String page : pages()) {
            assertThat(tested).contains(Project.root().resolve("docs").resolve(page));
        }
    }

    @Test
    void everyPageHasJavaThatTheBuildCompiles() throws IOException {
        for (String page : pages()) {
            assertThat(read("docs/" + page).blocks())
                    .as(page)
                    .extracting(Document.Block::language)
                    .contains("java");
        }
    }

    @Test
    void noBlockIsInALanguageThatNoTestKnows() {
        for (Document document : Document.all()) {
            if (document.path().startsWith(Project.root().resolve("docs"))) {
                assertThat(document.blocks())
                        .as(document.path().toString())
                        .allSatisfy(block -> assertThat(LANGUAGES).contains(block.language()));
            }
        }
    }

    @Test
    void theAlertsOfTheGuideAreThoseThereAre() throws IOException {
        String rules = Files.readString(Project.root().resolve("ops/alerts.yml"));
        List<String> alerts =
                ALERT.matcher(rules).results().map((MatchResult a) -> a.group(1)).toList();
        List<String> told =
                read("docs/observability.md").lines().stream()
                        .flatMap(line -> ENTRY.matcher(line).results())
                        .map((MatchResult entry) -> entry.group(1))
                        .toList();
        assertThat(told).isEqualTo(alerts);
    }

    @Test
    void theReadmeIsOfNineHundredWordsAtMostAndShowsJavaInItsFirstTwentyLines() {
        Document readme = read("README.md");
        long words =
                readme.lines().stream()
                        .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                        .filter(word -> !word.isEmpty())
                        .count();
        assertThat(words).isLessThanOrEqualTo(900);
        Document.Block first = readme.blocks().getFirst();
        assertThat(first.language()).isEqualTo("java");
        assertThat(first.line()).isLessThanOrEqualTo(20);
        assertThat(first.text().lines()).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void everyFigureOfTheReadmesTableOfCostsStandsInTheRowsOfPerfThatMeasureIt() {
        List<String> costs =
                read("README.md").lines().stream()
                        .dropWhile(line -> !line.equals("| what | cost |"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("| "))
                        .toList();
        List<String> rows =
                List.of(
                        "| PublishIdle.publish |",
                        "| 100,000 |",
                        "| Drain.recv |",
                        "| bytes of a parked receiver");
        assertThat(costs).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            String row = rows.get(i);
            Set<BigDecimal> measured =
                    read("PERF.md").lines().stream()
                            .filter(line -> line.startsWith(row))
                            .flatMap(GuideTest::numbers)
                            .collect(Collectors.toSet());
            assertThat(numbers(costs.get(i))).as(costs.get(i)).isNotEmpty().isSubsetOf(measured);
        }
    }

    @Test
    void noLineOfProseIsWiderThanAHundredAndTwentyColumns() throws IOException {
        List<String> files = new ArrayList<>(List.of("README.md", "RUNBOOK.md", "docs/README.md"));
        pages().forEach(page -> files.add("docs/" + page));
        for (String file : files) {
            Document document = read(file);
            Set<String> inBlocks =
                    document.blocks().stream()
                            .flatMap(block -> block.text().lines())
                            .collect(Collectors.toSet());
            assertThat(document.lines())
                    .as(file)
                    .filteredOn(line -> !line.startsWith("|") && !inBlocks.contains(line))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        }
    }

    @Test
    void theRunbookIsOfThreeHundredLinesAtMost() {
        assertThat(read("RUNBOOK.md").lines()).hasSizeLessThanOrEqualTo(300);
    }

    private static Stream<BigDecimal> numbers(String line) {
        return NUMBER.matcher(line)
                .results()
                .map(number -> new BigDecimal(number.group().replace(",", "")))
                .map(BigDecimal::stripTrailingZeros);
    }

    /** The names of the guide's pages, its index aside. */
    private static Set<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(Project.root().resolve("docs"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Document read(String file) {
        return Document.read(Project.root().resolve(file));
    }
}
