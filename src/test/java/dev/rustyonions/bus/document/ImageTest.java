package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The run-time image that the guide shows how to make. */
@Timeout(180)
class ImageTest {
    private static final String DESCRIPTOR = "module app { requires dev.rustyonions.bus; }\n";

    @TempDir Path directory;

    @Test
    void theCommandOfTheGuideLinksTheApplicationTheLibraryAndTheBaseAlone() throws Exception {
        Path image = directory.resolve("image");
        String jars = Project.classes() + File.pathSeparator + application();
        String[] arguments =
                Stream.of(command().split(" "))
                        .skip(1)
                        .map(word -> word.endsWith(".jar") ? jars : word)
                        .map(word -> word.equals("image") ? image.toString() : word)
                        .toArray(String[]::new);
        ForkedJvm.Outcome linked = ForkedJvm.runTool(directory, "jlink", arguments);
        assertThat(linked.exit()).as(linked.printed()).isZero();
        assertThat(Files.readAllLines(image.resolve("release")))
                .contains("MODULES=\"java.base dev.rustyonions.bus app\"");
    }

    @Test
    void micrometerCannotBeLinkedBecauseItHasNoModuleDescriptor() throws Exception {
        String jars =
                Project.classes()
                        + File.pathSeparator
                        + String.join(File.pathSeparator, Project.micrometer());
        ForkedJvm.Outcome linked =
                ForkedJvm.runTool(
                        directory,
                        "jlink",
                        "--module-path",
                        jars,
                        "--add-modules",
                        "dev.rustyonions.bus,micrometer.core",
                        "--output",
                        directory.resolve("image").toString());
        assertThat(linked.exit()).isNotZero();
        assertThat(linked.printed()).contains("automatic module cannot be used with jlink");
    }

    private static String command() {
        return Document.read(Project.root().resolve("docs/getting-started.md")).lines().stream()
                .filter(line -> line.startsWith("jlink "))
                .findFirst()
                .orElseThrow();
    }

    /** A compiled module that requires the library. */
    private Path application() throws Exception {
        Path descriptor = Files.writeString(directory.resolve("module-info.java"), DESCRIPTOR);
        Path application = directory.resolve("app");
        ForkedJvm.Outcome compiled =
                ForkedJvm.runTool(
                        directory,
                        "javac",
                        "--release",
                        "21",
                        "--module-path",
                        Project.classes().toString(),
                        "-d",
                        application.toString(),
                        descriptor.toString());
        assertThat(compiled.exit()).as(compiled.printed()).isZero();
        return application;
    }
}
