package dev.rustyonions.bus.release;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the documents and the Javadoc as pages that link to each other, for a web server or a
 * folder: {@code scripts/site.sh} does that. Ends with 1 if a link leads nowhere.
 */
final class Site {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());

    /** What stands beside the guide, in the order of the list at the left. */
    private static final List<String> BESIDE =
            List.of(
                    "PERF.md",
                    "INVARIANTS.md",
                    "RUNBOOK.md",
                    "MIGRATION.md",
                    "CHANGELOG.md",
                    "SECURITY.md",
                    "CONTRIBUTING.md",
                    "docs/developing/README.md");

    private static final Pattern LINK = Pattern.compile(" (href|src|srcset)=\"([^\"]*)\"");

    private final Path root;
    private final Path folder;
    private final String home;
    private final Map<String, String> titles = new LinkedHashMap<>();
    private final List<String> guide = new ArrayList<>();

    private Site(Path root, Path folder, String home) {
        this.root = root;
        this.folder = folder;
        this.home = home;
    }

    /**
     * Writes the site.
     *
     * @param args the project, the folder to write to, and where its sources are to be read, which
     *     is empty if they are nowhere: links to them are none then
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        write(Path.of(args[0]), folder, args[2]);
        List<String> dead = SiteLinks.dead(folder);
        dead.forEach(System.err::println);
        System.out.println(
                folder.resolve("index.html")
                        + (dead.isEmpty() ? "" : ": dead links " + dead.size()));
        System.exit(dead.isEmpty() ? 0 : 1);
    }

    static void write(Path root, Path folder, String home) throws IOException {
        new Site(root.toAbsolutePath().normalize(), folder, home).write();
    }

    private void write() throws IOException {
        List<String> documents = documents();
        for (String document : documents) {
            titles.put(document, title(parse(document)));
        }
        parse("docs/README.md").accept(new GuidePages());
        List<String> artifacts = new ArrayList<>();
        for (Published published : Published.in(root)) {
            Path apidocs = published.directory().resolve("target/apidocs");
            if (Files.isDirectory(apidocs)) {
                copy(apidocs, folder.resolve("api").resolve(published.artifact()));
                artifacts.add(published.artifact());
            }
        }
        Files.createDirectories(folder);
        try (InputStream style =
                Objects.requireNonNull(Site.class.getResourceAsStream("site.css"))) {
            Files.copy(style, folder.resolve("site.css"), StandardCopyOption.REPLACE_EXISTING);
        }
        for (String document : documents) {
            Path page = folder.resolve(page(document));
            Files.createDirectories(Objects.requireNonNull(page.getParent()));
            Files.writeString(page, html(document, artifacts));
        }
    }

    private List<String> documents() throws IOException {
        List<String> documents = new ArrayList<>();
        documents.add("README.md");
        documents.addAll(BESIDE);
        try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .filter(file -> !documents.contains(file))
                    .forEach(documents::add);
        }
        return documents;
    }

    private Node parse(String document) throws IOException {
        return Parser.builder()
                .extensions(EXTENSIONS)
                .build()
                .parse(Files.readString(root.resolve(document)));
    }

    /** The text of the first heading. */
    private static String title(Node document) {
        StringBuilder title = new StringBuilder();
        document.accept(
                new AbstractVisitor() {
                    private boolean found;

                    @Override
                    public void visit(Heading heading) {
                        if (!found) {
                            found = true;
                            visitChildren(heading);
                        }
                    }

                    @Override
                    public void visit(Text text) {
                        if (text.getParent() instanceof Heading) {
                            title.append(text.getLiteral());
                        }
                    }
                });
        return title.toString();
    }

    /** The pages of the guide are those of the first table of its first page, in its order. */
    private final class GuidePages extends AbstractVisitor {
        @Override
        public void visit(CustomBlock block) {
            if (block instanceof TableBlock && guide.isEmpty()) {
                visitChildren(block);
            }
        }

        @Override
        public void visit(Link link) {
            if (isInTable(link)) {
                guide.add("docs/" + link.getDestination());
            }
        }

        private static boolean isInTable(Node node) {
            Node at = node;
            while (at != null && !(at instanceof TableBlock)) {
                at = at.getParent();
            }
            return at != null;
        }
    }

    private static String page(String document) {
        return document.replaceAll("README\\.md$", "index.html").replaceAll("\\.md$", ".html");
    }

    private String html(String document, List<String> artifacts) throws IOException {
        String body = HtmlRenderer.builder().extensions(EXTENSIONS).build().render(parse(document));
        body = body.replace("<table>", "<div class=\"wide\"><table>");
        body = body.replace("</table>", "</table></div>");
        String up = "../".repeat(document.length() - document.replace("/", "").length());
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
        html.append("<meta charset=\"utf-8\">\n<title>").append(escapedTitle(document));
        html.append("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        html.append("<link rel=\"stylesheet\" href=\"").append(up).append("site.css\">\n</head>\n");
        html.append("<body>\n<a class=\"skip\" href=\"#text\">To the text</a>\n");
        html.append("<div class=\"frame\">\n<nav aria-label=\"Pages\">\n");
        list(html, "ron-bus", List.of("README.md", "docs/README.md"), document, up);
        list(html, "The guide", guide, document, up);
        list(html, "Beside it", BESIDE, document, up);
        if (!artifacts.isEmpty()) {
            html.append("<h2>Javadoc</h2>\n<ul>\n");
            for (String artifact : artifacts) {
                html.append("<li><a href=\"").append(up).append("api/").append(artifact);
                html.append("/index.html\">").append(artifact).append("</a></li>\n");
            }
            html.append("</ul>\n");
        }
        html.append("</nav>\n<main id=\"text\">\n");
        Matcher links = LINK.matcher(body);
        html.append(links.replaceAll(link -> Matcher.quoteReplacement(link(document, link))));
        return html.append("</main>\n</div>\n</body>\n</html>\n").toString();
    }

    private void list(
            StringBuilder html, String name, List<String> documents, String current, String up) {
        html.append("<h2>").append(name).append("</h2>\n<ul>\n");
        for (String document : documents) {
            html.append("<li><a href=\"").append(up).append(page(document)).append('"');
            html.append(document.equals(current) ? " aria-current=\"page\">" : ">");
            html.append(escapedTitle(document)).append("</a></li>\n");
        }
        html.append("</ul>\n");
    }

    private String escapedTitle(String document) {
        String title = Objects.requireNonNull(titles.get(document), document);
        return title.replace("&", "&amp;").replace("<", "&lt;");
    }

    /** A link of a document as it has to be on its page; none if it leads to what is not there. */
    private String link(String document, MatchResult link) {
        String target = link.group(2);
        if (target.startsWith("#") || SiteLinks.OUTSIDE.matcher(target).matches()) {
            return link.group();
        }
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        String fragment = hash < 0 ? "" : target.substring(hash);
        String file = URI.create(document).resolve(path).normalize().getPath();
        if (titles.containsKey(file)) {
            return " href=\"" + path.replace(lastOf(path), lastOf(page(file))) + fragment + "\"";
        }
        if (!link.group(1).equals("href")) {
            copyImage(file);
            return link.group();
        }
        return home.isEmpty() ? "" : " href=\"" + home + "/" + file + fragment + "\"";
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void copyImage(String file) {
        try {
            Path target = folder.resolve(file);
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(root.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("cannot copy " + file, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
