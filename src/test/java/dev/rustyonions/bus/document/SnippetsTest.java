package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Java in the documents and in Javadoc is what a user can compile and run. */
class SnippetsTest {
    @TempDir Path directory;

    @Test
    void everySnippetOfTheDocumentsCompilesInAModuleThatRequiresTheLibrary() {
        List<Snippet> snippets = new ArrayList<>();
        for (Document document : Document.all()) {
            snippets.addAll(snippetsOf(document));
        }
        assertThat(snippets)
                .extracting(snippet -> snippet.file().getFileName().toString())
                .contains("README.md", "MIGRATION.md", "getting-started.md", "feeds.md");
        assertThat(new SnippetModule(directory).compile(snippets)).isEmpty();
    }

    @Test
    void everySnippetOfTheJavadocCompilesInAModuleThatRequiresTheLibrary() {
        List<Snippet> snippets = JavadocSnippets.ofTheLibrary();
        assertThat(snippets)
                .extracting(snippet -> snippet.file().getFileName().toString())
                .contains("Bus.java", "Received.java");
        assertThat(new SnippetModule(directory).compile(snippets)).isEmpty();
    }

    @Test
    void everyProgramOfTheDocumentsPrintsTheTextBelowIt() throws Exception {
        Map<Snippet, Document.Block> programs = new LinkedHashMap<>();
        for (Document document : Document.all()) {
            for (int i = 0; i < document.blocks().size(); i++) {
                Document.Block block = document.blocks().get(i);
                Snippet snippet = new Snippet(document.path(), block.line(), block.text());
                if (isJavaToCompile(block) && snippet.isProgram()) {
                    Document.Block below =
                            document.blocks().stream()
                                    .skip(i + 1)
                                    .dropWhile(next -> next.language().equals("sh")) // runs it
                                    .findFirst()
                                    .orElseThrow();
                    assertThat(below.language()).isEqualTo("text");
                    programs.put(snippet, below);
                }
            }
        }
        SnippetModule module = new SnippetModule(directory);
        assertThat(module.compile(List.copyOf(programs.keySet()))).isEmpty();
        for (Map.Entry<Snippet, Document.Block> program : programs.entrySet()) {
            assertThat(module.run(program.getKey())).isEqualTo(program.getValue().text());
        }
        assertThat(programs.keySet())
                .extracting(Snippet::className)
                .contains(
                        "QuickStart",
                        "Overflow",
                        "CloseOrder",
                        "WaitForHandled",
                        "LagOnPurpose",
                        "Printed");
    }

    @Test
    void everyExampleThatHasTestsOfItsOwnStandsInADocumentAsItIsTested() throws IOException {
        List<String> blocks =
                Document.all().stream()
                        .flatMap(document -> document.blocks().stream())
                        .map(Document.Block::text)
                        .toList();
        Path examples =
                Project.root().resolve("src/test/java/dev/rustyonions/bus/document/example");
        List<Path> tested;
        try (Stream<Path> files = Files.list(examples)) {
            tested = files.filter(file -> !file.toString().endsWith("Test.java")).toList();
        }
        assertThat(tested).isNotEmpty();
        for (Path file : tested) {
            String source = Files.readString(file);
            assertThat(blocks)
                    .as(file.toString())
                    .contains(source.substring(source.indexOf("/**")));
        }
    }

    @Test
    void aSnippetThatDoesNotCompileIsNamedWithItsLineInTheDocument() {
        assertThat(compiled(7, "bus.publish(new Event.Shutdown());\nbus.publich(null);\n"))
                .contains("README_md_7/Fragment.java:8:")
                .contains("publich");
    }

    @Test
    void snippetsOnTheSameLineOfDocumentsOfTheSameNameDoNotReplaceEachOther() {
        List<Snippet> snippets =
                Stream.of("README.md", "docs/README.md")
                        .map(name -> new Snippet(Path.of(name), 7, "bus.publich(null);\n"))
                        .toList();
        assertThat(new SnippetModule(directory).compile(snippets))
                .contains("/README_md_7/Fragment.java:7:")
                .contains("/docs_README_md_7/Fragment.java:7:");
    }

    @Test
    void aSwitchThatForgetsTheLagDoesNotCompile() {
        assertThat(
                        compiled(
                                1,
                                """
                                switch (rx.recv()) {
                                    case Message<Event> message -> handle(message.event());
                                    case Closed<Event> closed -> {}
                                }
                                """))
                .contains("does not cover all possible input values");
    }

    @Test
    void aSnippetCannotReachTheEngine() {
        assertThat(compiled(1, "dev.rustyonions.bus.ring.Ring ring = null;\n"))
                .contains("dev.rustyonions.bus.ring")
                .contains("not visible");
    }

    @Test
    void aProgramThatPrintsSomethingElseIsTold() throws IOException, InterruptedException {
        Snippet program =
                new Snippet(
                        Path.of("README.md"),
                        1,
                        """
                        public class Other {
                            public static void main(String[] args) {
                                System.out.println("other");
                            }
                        }
                        """);
        SnippetModule module = new SnippetModule(directory);
        assertThat(module.compile(List.of(program))).isEmpty();
        assertThat(module.run(program)).isEqualTo("other\n");
    }

    private String compiled(int line, String text) {
        Snippet snippet = new Snippet(Path.of("README.md"), line, text);
        return new SnippetModule(directory).compile(List.of(snippet));
    }

    private static List<Snippet> snippetsOf(Document document) {
        return document.blocks().stream()
                .filter(SnippetsTest::isJavaToCompile)
                .map(block -> new Snippet(document.path(), block.line(), block.text()))
                .toList();
    }

    /** {@link QuotedSourcesTest} looks at the others. */
    private static boolean isJavaToCompile(Document.Block block) {
        return block.language().equals("java") && !block.isQuoted();
    }
}
