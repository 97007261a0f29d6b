package dev.rustyonions.bus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the home of the JVM it runs on to a file: the build runs it on the JDK it selected. */
final class JavaHome {
    private JavaHome() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), System.getProperty("java.home") + "\n");
    }
}
