package dev.rustyonions.bus.nats;

import dev.rustyonions.bus.Bus;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a class of the tests in a process of its own, which the caller ends. */
final class Jvm {
    private Jvm() {}

    static Process start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    static Process start(List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** All that the tests use, and the tests, which are patched into the module. */
    private static String classPath() {
        return Stream.concat(
                        Stream.of(output(Jvm.class), output(NatsExport.class), output(Bus.class)),
                        Stream.of("jdk.module.path", "java.class.path").map(System::getProperty))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String output(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(type.getResource("/" + file), file).toString();
        try {
            if (url.startsWith("jar:")) {
                return Path.of(new URI(url.substring(4, url.indexOf('!')))).toString();
            }
            Path path = Path.of(new URI(url));
            for (int i = 0; i < Path.of(file).getNameCount(); i++) {
                path = path.getParent();
            }
            return path.toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
