package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.ForkedJvm;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program with a module descriptor of its own uses the library as others would, with nothing
 * optional there.
 */
class WithoutOptionalModulesTest {
    private static final Path LIBRARY = Path.of("target", "classes");

    private static final String DESCRIPTOR = "module user { requires dev.rustyonions.bus; }\n";
    private static final String PROGRAM =
            """
            package user;

            import dev.rustyonions.bus.*;

            class Main {
                public static void main(String[] args) throws InterruptedException {
                    for (String absent : args) {
                        if (ModuleLayer.boot().findModule(absent).isPresent()) {
                            throw new AssertionError(absent + " is there");
                        }
                    }
                    try (Bus<Event> bus = Bus.create(4)) {
                        Receiver<Event> rx = bus.subscribe(o -> o.name("user"));
                        for (int i = 0; i < 4096; i++) {
                            bus.publish(new Event.ConfigUpdated(i));
                        }
                        try (Batch<Event> batch = bus.batch()) {
                            batch.add(new Event.Shutdown());
                        }
                        System.out.println(rx.recv());
                        System.out.println(rx.recv());
                    }
                }
            }
            """;

    @TempDir static Path folder;

    @BeforeAll
    static void compileUser() throws Exception {
        Path descriptor = Files.writeString(folder.resolve("module-info.java"), DESCRIPTOR);
        Path program = Files.writeString(folder.resolve("Main.java"), PROGRAM);
        ForkedJvm.Outcome compiled =
                ForkedJvm.runTool(
                        folder,
                        "javac",
                        "-Xlint:all",
                        "-Werror",
                        "-p",
                        LIBRARY.toString(),
                        "-d",
                        classes().toString(),
                        descriptor.toString(),
                        program.toString());
        assertThat(compiled.exit()).as(compiled.printed()).isZero();
    }

    @Test
    void theLibraryCompilesAndRunsAsAModuleWithoutMicrometer() throws Exception {
        assertThat(runModule(List.of(), "micrometer.core"))
                .contains("Lagged[from=0, missed=4093]", "Message[sequence=4093]");
    }

    @Test
    void theLibraryRunsWithNoModuleButItsOwnAndTheBase() throws Exception {
        assertThat(
                        runModule(
                                List.of("--limit-modules", "java.base,user,dev.rustyonions.bus"),
                                "micrometer.core",
                                "jdk.jfr",
                                "java.logging",
                                "org.jspecify"))
                .contains("Lagged[from=0, missed=4093]", "Message[sequence=4093]");
    }

    @Test
    void theLibraryRunsOnTheClassPathWithoutMicrometer() throws Exception {
        assertThat(
                        run(
                                List.of(
                                        "-cp",
                                        LIBRARY + File.pathSeparator + classes(),
                                        "user.Main"),
                                "micrometer.core"))
                .contains("Message[sequence=4093]");
    }

    private static Path classes() {
        return folder.resolve("classes");
    }

    private static String runModule(List<String> options, String... absent) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-p", LIBRARY + File.pathSeparator + classes(), "-m", "user/user.Main"));
        return run(all, absent);
    }

    private static String run(List<String> options, String... absent) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ForkedJvm.SHORT_LIVED);
        command.addAll(options);
        command.addAll(List.of(absent));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
