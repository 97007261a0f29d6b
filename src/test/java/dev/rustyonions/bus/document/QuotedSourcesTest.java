package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A block that names a file behind its language is a part of that file, which a satellite compiles
 * and tests: {@code ```java examples/src/main/java/Name.java}.
 */
class QuotedSourcesTest {
    private static final String QUOTED =
            "src/test/java/dev/rustyonions/bus/document/QuotedSourcesTest.java";

    @Test
    void everyBlockThatNamesAFileStandsInItIsLinkedToItAndIsBuilt() {
        assertThat(Document.all()).flatMap(QuotedSourcesTest::offences).isEmpty();
    }

    @Test
    void everyBlockOfKotlinNamesAFile() {
        assertThat(Document.all())
                .flatMap(Document::blocks)
                .filteredOn(block -> block.language().equals("kotlin"))
                .allSatisfy(block -> assertThat(block.source()).endsWith(".kt"));
    }

    @Test
    void aBlockMayLeaveOutTheIndentationOfWhatItQuotes() {
        assertThat(isPartOf("a {\n\n    b\n}\n", "c\n    a {\n\n        b\n    }\nc\n")).isTrue();
        assertThat(isPartOf("a {\n    b\n}\n", "c\n    a {\n    b\n    }\nc\n")).isFalse();
        assertThat(isPartOf("a\n", "ba\n")).isFalse();
        assertThat(isPartOf("a\n", "ab\n")).isFalse();
    }

    @Test
    void aBlockThatDiffersFromItsFileOrWhoseFileIsGoneNotLinkedOrNotBuiltIsNamedWithItsLine() {
        assertThat(offencesOf("tck/pom.xml", "[it](tck/pom.xml)", "<project>"))
                .containsExactly("PLANTED.md:4: does not stand in tck/pom.xml");
        assertThat(offencesOf("tck/pom.xml", "no link", "</project>"))
                .containsExactly("PLANTED.md:4: no link to tck/pom.xml");
        assertThat(offencesOf("tck/gone.xml", "[it](tck/gone.xml)", "</project>"))
                .containsExactly("PLANTED.md:4: there is no tck/gone.xml");
        assertThat(offencesOf(QUOTED, "[it](" + QUOTED + ")", "class QuotedSourcesTest {"))
                .containsExactly("PLANTED.md:4: src is no module of build/pom.xml");
        assertThat(offencesOf("tck/pom.xml", "[it](tck/pom.xml)", "</project>")).isEmpty();
    }

    private static List<String> offencesOf(String source, String prose, String block) {
        List<String> lines = List.of(prose, "", "```xml " + source, block, "```");
        return offences(Document.parse(Project.root().resolve("PLANTED.md"), lines));
    }

    private static List<String> offences(Document document) {
        List<String> offences = new ArrayList<>();
        for (Document.Block block : document.blocks()) {
            if (block.isQuoted()) {
                for (String offence : offences(document, block)) {
                    offences.add(
                            document.path().getFileName() + ":" + block.line() + ": " + offence);
                }
            }
        }
        return offences;
    }

    private static List<String> offences(Document document, Document.Block block) {
        Path file = Project.root().resolve(block.source());
        if (!Files.isRegularFile(file)) {
            return List.of("there is no " + block.source());
        }
        List<String> offences = new ArrayList<>();
        if (!isPartOf(block.text(), read(file))) {
            offences.add("does not stand in " + block.source());
        }
        if (document.links().stream()
                .map(link -> document.path().resolveSibling(link.target()).normalize())
                .noneMatch(file::equals)) {
            offences.add("no link to " + block.source());
        }
        String module = block.source().replaceFirst("/.*", "");
        if (!read(Project.root().resolve("build/pom.xml"))
                .contains("<module>../" + module + "</module>")) {
            offences.add(module + " is no module of build/pom.xml");
        }
        return offences;
    }

    /** Whether whole lines of the source are those of the block, all indented by the same width. */
    private static boolean isPartOf(String block, String source) {
        return IntStream.rangeClosed(0, 32)
                .mapToObj(width -> block.replaceAll("(?m)^(?=.)", " ".repeat(width)))
                .anyMatch(indented -> ("\n" + source).contains("\n" + indented));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
