package dev.rustyonions.bus.document;

import dev.rustyonions.bus.fixture.ForkedJvm;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/**
 * A module of a user's, which requires the library's module, the JDK's HTTP server, and Micrometer
 * where the library binds to it: snippets are compiled into it, and programs among them run from it
 * without Micrometer.
 */
final class SnippetModule {
    private static final boolean MICROMETER =
            Project.micrometer().stream().anyMatch(jar -> jar.contains("micrometer-core"));

    /** What the imports of a fragment need beside the bus; Micrometer is optional, as for users. */
    static final String OPTIONAL_IMPORTS =
            MICROMETER
                    ? "import dev.rustyonions.bus.micrometer.*; "
                            + "import io.micrometer.core.instrument.*; "
                    : "";

    private static final String DESCRIPTOR =
            "@SuppressWarnings(\"requires-automatic\") module snippet { "
                    + "requires dev.rustyonions.bus; "
                    + "requires jdk.httpserver; "
                    + (MICROMETER ? "requires static micrometer.core; }" : "}");

    private final Path directory;

    SnippetModule(Path directory) {
        this.directory = directory;
    }

    /** Compiles the snippets; what the compiler says, nothing if all is well. */
    String compile(List<Snippet> snippets) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--release",
                                "21",
                                "-Xlint:all",
                                "-Werror",
                                "-proc:none",
                                "-encoding",
                                "UTF-8",
                                "--module-path",
                                modulePath(),
                                "-d",
                                classes().toString()));
        arguments.add(write(Path.of("module-info.java"), DESCRIPTOR));
        for (Snippet snippet : snippets) {
            Path name =
                    Path.of(snippet.packageName().replace('.', '/'), snippet.className() + ".java");
            arguments.add(write(name, snippet.source()));
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int exit =
                ToolProvider.findFirst("javac")
                        .orElseThrow(() -> new IllegalStateException("this JVM has no compiler"))
                        .run(out, out, arguments.toArray(String[]::new));
        out.flush();
        String text = // as it is where lines end by a line feed and folders by a slash
                said.toString()
                        .replace(System.lineSeparator(), "\n")
                        .replace(sources() + File.separator, "")
                        .replace(File.separatorChar, '/');
        return exit == 0 || !text.isBlank() ? text : "javac ended with " + exit;
    }

    /** Runs a compiled program on the module path; what it printed, without its log. */
    String run(Snippet program) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Path errors = directory.resolve("errors.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ForkedJvm.SHORT_LIVED);
        command.addAll(
                List.of(
                        "--module-path",
                        Project.classes() + File.pathSeparator + classes(),
                        "--module",
                        "snippet/" + program.packageName() + "." + program.className()));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "still running after 60 s; printed so far:\n" + Files.readString(output);
        }
        String printed = Files.readString(output).replace(System.lineSeparator(), "\n");
        return process.exitValue() == 0 ? printed : printed + Files.readString(errors);
    }

    private String write(Path name, String source) {
        try {
            Path file = sources().resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String modulePath() {
        return Project.classes()
                + File.pathSeparator
                + String.join(File.pathSeparator, Project.micrometer());
    }

    private Path sources() {
        return directory.resolve("sources");
    }

    private Path classes() {
        return directory.resolve("classes");
    }
}
