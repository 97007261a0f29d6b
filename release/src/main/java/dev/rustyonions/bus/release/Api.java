package dev.rustyonions.bus.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the surface of each published artifact with its text in {@code api/}, or writes the
 * texts anew: {@code scripts/accept_api.sh} does that.
 */
final class Api {
    private Api() {}

    /** Writes the texts of all artifacts of the project whose folder is the only argument. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        Files.createDirectories(root.resolve("api"));
        for (Published published : Published.in(root)) {
            if (published.isJar()) {
                String text = Surface.of(published.artifact(), published.classes());
                Files.writeString(text(root, published.artifact()), text);
            }
        }
    }

    static Path text(Path root, String artifact) {
        return root.resolve("api").resolve(artifact + ".txt");
    }

    /**
     * What one text has and the other lacks, in their order: {@code -} was accepted and is gone,
     * {@code +} is new. A member is named with its type.
     */
    static List<String> differences(String accepted, String found) {
        List<String> before = withTypes(accepted);
        List<String> after = withTypes(found);
        List<String> differences = new ArrayList<>();
        before.stream()
                .filter(line -> !after.contains(line))
                .forEach(line -> differences.add("- " + line));
        after.stream()
                .filter(line -> !before.contains(line))
                .forEach(line -> differences.add("+ " + line));
        return differences;
    }

    private static List<String> withTypes(String text) {
        List<String> lines = new ArrayList<>();
        String type = "";
        for (String line : text.lines().toList()) {
            if (!line.startsWith(" ")) {
                type = line;
                lines.add(line);
            } else {
                lines.add(type + ": " + line.strip());
            }
        }
        return lines;
    }
}
