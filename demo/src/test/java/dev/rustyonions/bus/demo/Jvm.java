package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Bus;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A module started in a JVM of its own, from the module path alone. */
final class Jvm {
    /** Whether the tests are to be over soon: by the system property {@code ron.tests}. */
    static final boolean QUICK = System.getProperty("ron.tests", "quick").equals("quick");

    /** Options of a JVM that ends before a second compiler and collector threads would pay. */
    private static final List<String> SHORT_LIVED =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Where the library is. */
    static final Path LIBRARY = location(Bus.class);

    /**
     * The module path of this JVM: the demo, the library, and what the demo shows its metrics with.
     */
    static final List<Path> DEMO =
            Stream.of(System.getProperty("jdk.module.path").split(File.pathSeparator))
                    .map(Path::of)
                    .toList();

    /**
     * How it went.
     *
     * @param lines standard output and standard error
     */
    record Outcome(int status, List<String> lines) {
        String last() {
            return lines.isEmpty() ? "" : lines.getLast();
        }
    }

    private final Process process;
    private final Path output;

    private Jvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code java -p modulePath -m module arguments...}. */
    static Jvm start(List<Path> modulePath, String module, String... arguments) throws IOException {
        String separator = System.getProperty("path.separator");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (QUICK) {
            command.addAll(SHORT_LIVED);
        }
        command.add("-p");
        command.add(String.join(separator, modulePath.stream().map(Path::toString).toList()));
        command.add("-m");
        command.add(module);
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("jvm", ".out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        return new Jvm(process, output);
    }

    /** Asks it to end, as Ctrl-C does. */
    void interrupt() {
        process.toHandle().destroy();
    }

    /** Ends it whatever it does. Idempotent. */
    void kill() {
        process.destroyForcibly();
    }

    List<String> lines() throws IOException {
        return Files.readAllLines(output);
    }

    Outcome outcome() throws IOException, InterruptedException {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after 60 s: " + lines());
            }
            return new Outcome(process.exitValue(), lines());
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static Path location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
