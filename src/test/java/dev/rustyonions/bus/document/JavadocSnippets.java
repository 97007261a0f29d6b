package dev.rustyonions.bus.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the {@code @snippet} tags of the library's sources. */
final class JavadocSnippets {
    private static final String OPENING = "{@snippet";

    private JavadocSnippets() {}

    static List<Snippet> ofTheLibrary() {
        List<Snippet> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Project.root().resolve("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                found.addAll(in(file, Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    static List<Snippet> in(Path file, String source) {
        List<Snippet> found = new ArrayList<>();
        int at = source.indexOf(OPENING);
        while (at >= 0) {
            int body = source.indexOf('\n', at) + 1;
            int end = closing(source, at);
            int line = (int) source.substring(0, body).lines().count() + 1;
            String text = source.substring(body, source.lastIndexOf('\n', end) + 1);
            found.add(new Snippet(file, line, text.replaceAll("(?m)^\\s*\\* ?", "")));
            at = source.indexOf(OPENING, end);
        }
        return found;
    }

    /** The position of the brace that ends the tag which begins at {@code at}. */
    private static int closing(String source, int at) {
        int open = 0;
        for (int i = at; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '{') {
                open++;
            } else if (c == '}' && --open == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("a snippet that does not end: " + source.substring(at));
    }
}
