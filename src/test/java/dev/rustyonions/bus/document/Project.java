package dev.rustyonions.bus.document;

import dev.rustyonions.bus.Bus;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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

    /** The jars of Micrometer among the test's dependencies; empty if there are none. */
    static List<String> micrometer() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .flatMap(paths -> Stream.of(paths.split(File.pathSeparator)))
                .filter(jar -> jar.matches(".*[/\\\\](?:micrometer-|jspecify-)[^/\\\\]*\\.jar"))
                .distinct()
                .toList();
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
