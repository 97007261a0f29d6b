package dev.rustyonions.bus.document;

import dev.rustyonions.bus.Bus;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;

/** Where the project under test lies. */
final class Project {
    private static final Set<String> NOT_SOURCES = Set.of("target", "node_modules");

    private Project() {}

    /** The folder with the library's pom: tests are started there. */
    static Path root() {
        return Path.of("").toAbsolutePath();
    }

    /** The library's compiled classes. */
    static Path classes() {
        try {
            return Path.of(Bus.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a file is the project's own: not build output, not in a hidden folder. */
    static boolean isSource(Path file) {
        for (Path part : root().relativize(file)) {
            String name = part.toString();
            if (NOT_SOURCES.contains(name) || name.startsWith(".")) {
                return false;
            }
        }
        return true;
    }
}
