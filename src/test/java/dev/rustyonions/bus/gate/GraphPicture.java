package dev.rustyonions.bus.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A dependency graph as a document shows it: a Mermaid picture, and a table of the edges that may
 * close a circle, each with its reason.
 *
 * @param edges those of the picture
 * @param excused the edges of the table, and why each has to be
 */
record GraphPicture(SortedSet<Graph.Edge> edges, SortedMap<Graph.Edge, String> excused) {
    private static final Pattern EDGES = Pattern.compile("\\s*(\\w+) --> (\\w+(?: & \\w+)*)\\s*");
    private static final Pattern ROW =
            Pattern.compile("\\| `(\\w+)` to `(\\w+)` \\|\\s*(.*?)\\s*\\|");

    /** Reads the picture and the table below a heading of the second level. */
    static GraphPicture read(Path document, String heading) {
        List<String> lines;
        try {
            lines = Files.readAllLines(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int start = lines.indexOf("## " + heading);
        if (start < 0) {
            throw new IllegalArgumentException(document + " has no heading \"## " + heading + "\"");
        }
        return parse(
                lines.stream()
                        .skip(start + 1L)
                        .takeWhile(line -> !line.startsWith("## "))
                        .toList());
    }

    static GraphPicture parse(List<String> lines) {
        SortedSet<Graph.Edge> edges = new TreeSet<>();
        SortedMap<Graph.Edge, String> excused = new TreeMap<>();
        for (String line : lines) {
            Matcher drawn = EDGES.matcher(line);
            if (drawn.matches()) {
                for (String to : drawn.group(2).split(" & ")) {
                    edges.add(new Graph.Edge(drawn.group(1), to));
                }
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                excused.put(new Graph.Edge(row.group(1), row.group(2)), row.group(3));
            }
        }
        return new GraphPicture(edges, excused);
    }

    /** The edges as a picture of them is to be written. */
    static String mermaid(Collection<Graph.Edge> edges) {
        return Graph.of(edges).uses().entrySet().stream()
                .filter(node -> !node.getValue().isEmpty())
                .map(node -> "    " + node.getKey() + " --> " + String.join(" & ", node.getValue()))
                .collect(Collectors.joining("\n", "```mermaid\nflowchart TD\n", "\n```"));
    }
}
