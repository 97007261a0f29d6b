package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every link within the project leads to a file that exists and to a heading it has. */
class LinksTest {

    @Test
    void everyRelativeLinkAndAnchorOfTheDocumentsResolves() {
        List<Document> documents = Document.all();
        assertThat(documents)
                .extracting(document -> document.path().getFileName().toString())
                .contains("README.md", "INVARIANTS.md", "MIGRATION.md", "getting-started.md");
        assertThat(documents).flatMap(LinksTest::broken).isEmpty();
    }

    @Test
    void aLinkToNothingIsNamedWithItsLine() {
        Document document =
                Document.parse(
                        Project.root().resolve("PLANTED.md"),
                        List.of(
                                "# One heading",
                                "[here](#one-heading), [nowhere](#another-heading)",
                                "[gone](GONE.md), [there](pom.xml)",
                                "`[code](GONE.md)`, [outside](https://example.org/gone)"));
        assertThat(broken(document))
                .containsExactly("PLANTED.md:2: #another-heading", "PLANTED.md:3: GONE.md");
    }

    @Test
    void aLinkWhoseTextIsWrappedIsFollowedLikeAnyOther() {
        Document document =
                Document.parse(
                        Project.root().resolve("PLANTED.md"),
                        List.of(
                                "an array[0] and [a text",
                                "in two lines](GONE.md), [another",
                                "",
                                "text](GONE.md) is none, [gone](GONE.md)"));
        assertThat(broken(document))
                .containsExactly("PLANTED.md:2: GONE.md", "PLANTED.md:4: GONE.md");
    }

    @Test
    void aHeadingSaidTwiceHasTwoAnchors() {
        Document document = Document.parse(Path.of("x.md"), List.of("## I-1. `A` b", "# c", "# c"));
        assertThat(document.anchors()).containsExactly("i-1-a-b", "c", "c-1");
    }

    private static List<String> broken(Document document) {
        List<String> broken = new ArrayList<>();
        for (Document.Link link : document.links()) {
            if (!link.target().matches("(?:https?|mailto):.*") && !resolves(document, link)) {
                broken.add(
                        document.path().getFileName() + ":" + link.line() + ": " + link.target());
            }
        }
        return broken;
    }

    private static boolean resolves(Document from, Document.Link link) {
        String[] parts = link.target().split("#", 2);
        Path target =
                parts[0].isEmpty() ? from.path() : from.path().resolveSibling(parts[0]).normalize();
        if (parts.length == 1) {
            return Files.exists(target);
        }
        Document document = parts[0].isEmpty() ? from : readable(target);
        return document != null && document.anchors().contains(parts[1]);
    }

    private static Document readable(Path target) {
        return Files.isRegularFile(target) ? Document.read(target) : null;
    }
}
