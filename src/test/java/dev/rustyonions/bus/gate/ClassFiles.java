package dev.rustyonions.bus.gate;

import org.objectweb.asm.ClassReader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The compiled classes that the gates look at. */
final class ClassFiles {

    private ClassFiles() {}

    /** Every class file of the library, module and package descriptors left out. */
    static List<ClassReader> ofTheLibrary() {
        List<ClassReader> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(libraryOutput())) {
            for (Path file : files.filter(ClassFiles::isClass).sorted().toList()) {
                classes.add(new ClassReader(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return classes;
    }

    static ClassReader of(Class<?> type) {
        String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return new ClassReader(Objects.requireNonNull(in, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".class")
                && !name.equals("module-info.class")
                && !name.equals("package-info.class");
    }

    /** Where the library's module descriptor was compiled to: the tests have none of their own. */
    private static Path libraryOutput() {
        try {
            URL descriptor = ClassFiles.class.getResource("/module-info.class");
            return Path.of(Objects.requireNonNull(descriptor, "module-info.class").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
