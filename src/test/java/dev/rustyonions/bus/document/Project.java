package dev.rustyonions.bus.document;

import dev.rustyonions.bus.Bus;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
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

    /**
     * Every file of the project itself, in the order of their paths: no build output, nothing
     * hidden. A file that is removed meanwhile is left out: tools of the JDK make and remove files
     * in the folder in which a JVM was started.
     */
    static List<Path> sources() {
        return sources(root());
    }

    static List<Path> sources(Path root) {
        Sources sources = new Sources(root);
        try {
            Files.walkFileTree(root, sources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sources.files.sort(null);
        return sources.files;
    }

    private static final class Sources extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<Path> files = new ArrayList<>();

        private Sources(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || isOwn(folder)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isOwn(file)) {
                files.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (isOwn(file) && !(e instanceof NoSuchFileException)) {
                throw e;
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isOwn(Path path) {
            String name = path.getFileName().toString();
            return !NOT_SOURCES.contains(name) && !name.startsWith(".");
        }
    }
}
