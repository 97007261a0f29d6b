package dev.rustyonions.bus.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The library from outside: consumers written here, compiled and run as modules of their own, with
 * nothing but the library on the module path.
 */
class ModulePathTest {
    @TempDir Path directory;

    private Path sources;
    private Path classes;

    @BeforeEach
    void aConsumerModule() throws IOException {
        sources = Files.createDirectories(directory.resolve("src/consumer"));
        classes = directory.resolve("classes");
        Files.writeString(
                directory.resolve("src/module-info.java"),
                "module consumer { requires dev.rustyonions.bus; }");
    }

    @Test
    void aConsumerOfTheApiCompilesAndStarts() throws Exception {
        consumer(
                """
                try (dev.rustyonions.bus.Bus<String> bus = dev.rustyonions.bus.Bus.create(4)) {
                    dev.rustyonions.bus.Receiver<String> rx = bus.subscribe();
                    bus.publish("hello");
                    System.out.println(
                            switch (rx.recv()) {
                                case dev.rustyonions.bus.Message<String> message -> message.event();
                                case dev.rustyonions.bus.Lagged<String> lagged -> "lagged";
                                case dev.rustyonions.bus.Closed<String> closed -> "closed";
                            });
                }
                """);

        assertEquals("", compile());
        assertEquals(new Jvm.Outcome(0, List.of("hello")), run());
    }

    @Test
    void aConsumerOfTheEnginesPackageDoesNotCompile() throws Exception {
        consumer("dev.rustyonions.bus.ring.Channel channel = null;");

        String errors = compile();

        assertTrue(
                errors.contains("package dev.rustyonions.bus.ring is not visible")
                        && errors.contains("does not export it"),
                errors);
    }

    @Test
    void theEnginesPackageCannotBeReachedByReflectionEither() throws Exception {
        consumer(
                """
                Class<?> engine = Class.forName("dev.rustyonions.bus.ring.Channel");
                System.out.println(engine.getModule().getName());
                try {
                    engine.getConstructors()[0].newInstance();
                } catch (IllegalAccessException e) {
                    System.out.println("refused");
                }
                """);

        assertEquals("", compile());
        assertEquals(new Jvm.Outcome(0, List.of("dev.rustyonions.bus", "refused")), run());
    }

    private void consumer(String body) throws IOException {
        Files.writeString(
                sources.resolve("Main.java"),
                """
                package consumer;

                public class Main {
                    public static void main(String[] args) throws Exception {
                        %s
                    }
                }
                """
                        .formatted(body));
    }

    /** What javac has to say; empty if it compiles. */
    private String compile() {
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                to,
                                to,
                                "-p",
                                Jvm.LIBRARY.toString(),
                                "-d",
                                classes.toString(),
                                directory.resolve("src/module-info.java").toString(),
                                sources.resolve("Main.java").toString());
        assertEquals(status == 0, said.toString().isEmpty(), said.toString());
        return said.toString();
    }

    private Jvm.Outcome run() throws Exception {
        return Jvm.start(List.of(Jvm.LIBRARY, classes), "consumer/consumer.Main").outcome();
    }
}
