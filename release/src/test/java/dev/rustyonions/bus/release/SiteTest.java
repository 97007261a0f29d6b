package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pages of the documents, made from those of this project. */
class SiteTest {
    private static final Path ROOT = Path.of("..");

    @TempDir Path folder;

    @Test
    void eachDocumentIsAPageAndNoLinkBetweenThemIsDead() throws IOException {
        Site.write(ROOT, folder, "https://sources.example");
        assertThat(SiteLinks.dead(folder)).isEmpty();
        String page = Files.readString(folder.resolve("docs/nats.html"));
        assertThat(page)
                .contains("<title>Beyond one process</title>")
                .contains("aria-current=\"page\">Beyond one process</a>")
                .contains("href=\"many-nodes.html\"")
                .contains("href=\"loss.html#a-receiver-lags-again-and-again\"")
                .contains("https://sources.example/nats/src/test/java/")
                .contains("<td>")
                .doesNotContain(".md\"", ">null<");
        assertThat(Files.readString(folder.resolve("index.html"))).contains("docs/index.html");
        assertThat(folder.resolve("docs/developing/index.html")).exists();
    }

    @Test
    void whereTheSourcesAreNowhereNothingLinksToThem() throws IOException {
        Site.write(ROOT, folder, "");
        assertThat(Files.readString(folder.resolve("docs/nats.html")))
                .contains("<a><code>SharedStock</code></a>");
    }

    @Test
    void aDeadLinkIsNamedWithItsPage() throws IOException {
        Files.writeString(
                folder.resolve("a.html"),
                "<h1 id=\"here\">A</h1><a href=\"#here\">1</a><a href=\"#gone\">2</a>"
                        + "<a href=\"b.html#there\">3</a><a href=\"c.html\">4</a>"
                        + "<a href='b.html#gone'>5</a><a href=\"https://c.example/\">6</a>"
                        + "<img src=\"d.svg\">");
        Files.writeString(folder.resolve("b.html"), "<p id=\"there\">B</p>");
        assertThat(SiteLinks.dead(folder))
                .isEqualTo(
                        List.of(
                                "a.html: #gone",
                                "a.html: b.html#gone",
                                "a.html: c.html",
                                "a.html: d.svg"));
    }
}
