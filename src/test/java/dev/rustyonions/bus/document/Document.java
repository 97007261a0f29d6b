package dev.rustyonions.bus.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file taken apart: its lines, fenced blocks and links, and the anchors it offers. */
record Document(
        Path path, List<String> lines, List<Block> blocks, List<Link> links, Set<String> anchors) {

    /**
     * A fenced block; {@code line} is the number of its first line of text, {@code source} the file
     * it is a part of, as written behind the language, or empty.
     */
    record Block(String language, int line, String text, String source) {
        boolean isQuoted() {
            return !source.isEmpty();
        }
    }

    /** The target of a link and the line it ends on. */
    record Link(int line, String target) {}

    private static final Pattern FENCE = Pattern.compile("^\\s*```(\\w*)(?: +(\\S+))?\\s*$");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*\\s*$");

    /** The text of a link may be wrapped; a blank line ends the paragraph and what it began. */
    private static final Pattern LINK =
            Pattern.compile("\\[(?:[^\\]\\n]|\\n(?!\\n))*\\]\\(([^)\\s]+)\\)");

    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern ID = Pattern.compile("<a (?:id|name)=\"([^\"]+)\">");

    /** Every Markdown file of the project outside build output and hidden folders. */
    static List<Document> all() {
        return Project.sources().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .map(Document::read)
                .toList();
    }

    static Document read(Path path) {
        try {
            return parse(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Document parse(Path path, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        List<String> prose = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()) {
                int first = i + 1;
                do {
                    i++;
                } while (i < lines.size() && !lines.get(i).strip().equals("```"));
                if (i == lines.size()) {
                    throw new IllegalArgumentException(
                            path + ":" + first + ": the fenced block is not closed");
                }
                String text = String.join("\n", lines.subList(first, i)) + "\n";
                String source = Objects.requireNonNullElse(fence.group(2), "");
                blocks.add(new Block(fence.group(1), first + 1, text, source));
                prose.addAll(Collections.nCopies(i - first + 2, ""));
                continue;
            }
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String slug = slug(heading.group(1));
                int times = seen.merge(slug, 1, Integer::sum);
                anchors.add(times == 1 ? slug : slug + "-" + (times - 1));
            }
            ID.matcher(line).results().forEach(id -> anchors.add(id.group(1)));
            prose.add(blankCode(line));
        }
        String text = String.join("\n", prose);
        for (Matcher link = LINK.matcher(text); link.find(); ) {
            int line = (int) text.substring(0, link.end()).lines().count();
            links.add(new Link(line, link.group(1)));
        }
        return new Document(path, lines, blocks, links, anchors);
    }

    /** The lines from a heading of the second level to the next one. */
    Stream<String> section(String heading) {
        return lines.stream()
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "));
    }

    /** The line with the text of its code spans blanked: brackets there make no link. */
    private static String blankCode(String line) {
        return CODE.matcher(line).replaceAll(span -> "x".repeat(span.group().length()));
    }

    /** The anchor that GitHub gives a heading. */
    static String slug(String heading) {
        return heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\-_ ]", "")
                .replace(' ', '-');
    }
}
