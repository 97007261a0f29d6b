package dev.rustyonions.bus.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A project that is published: its pom sets {@code maven.deploy.skip} to false. */
record Published(Path directory, String artifact, String packaging, String version) {
    static final String GROUP = "dev.rustyonions";

    /** All of them, by name, as the aggregator {@code build/pom.xml} lists them. */
    static List<Published> in(Path root) throws IOException {
        List<Published> found = new ArrayList<>();
        Path build = root.resolve("build");
        for (Xml module : pom(build).all("modules", "module")) {
            Path directory = build.resolve(module.text()).normalize();
            Xml pom = pom(directory);
            if (pom.text("properties", "maven.deploy.skip").equals("false")) {
                found.add(
                        new Published(
                                directory,
                                pom.text("artifactId"),
                                pom.text("packaging"),
                                pom.text("parent", "version")));
            }
        }
        found.sort(Comparator.comparing(Published::artifact));
        return found;
    }

    boolean isJar() {
        return packaging.equals("jar");
    }

    Path classes() {
        return directory.resolve("target/classes");
    }

    private static Xml pom(Path directory) throws IOException {
        return Xml.parse(Files.readAllBytes(directory.resolve("pom.xml")));
    }
}
