package dev.rustyonions.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @TempDir Path folder;

    @Test
    void theLibraryCompilesAndRunsAsAModuleWithoutMicrometer() throws Exception {
        assertThat(runUser(List.of(), "micrometer.core"))
                .contains("Lagged[from=0, missed=4093]", "Message[sequence=4093]");
    }

    @Test
    void theLibraryRunsWithNoModuleButItsOwnAndTheBase() throws Exception {
        assertThat(
                        runUser(
                                List.of("--limit-modules", "java.base,user,dev.rustyonions.bus"),
                                "micrometer.core",
                                "jdk.jfr",
                                "java.logging",
                                "org.jspecify"))
                .contains("Lagged[from=0, missed=4093]", "Message[sequence=4093]");
    }

    @Test
    void theLibraryRunsOnTheClassPathWithoutMicrometer() throws Exception {
        compileUser();
        assertThat(
                        run(
                                "java",
                                "-cp",
                                LIBRARY + ":" + folder.resolve("classes"),
                                "user.Main",
                                "micrometer.core"))
                .contains("Message[sequence=4093]");
    }

    private String runUser(List<String> options, String... absent) throws Exception {
        compileUser();
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(options);
        command.addAll(List.of("-p", modulePath(), "-m", "user/user.Main"));
        command.addAll(List.of(absent));
        return run(command.toArray(new String[0]));
    }

    private String modulePath() {
        return LIBRARY + ":" + folder.resolve("classes");
    }

    private void compileUser() throws Exception {
        Path descriptor = Files.writeString(folder.resolve("module-info.java"), DESCRIPTOR);
        Path program = Files.writeString(folder.resolve("Main.java"), PROGRAM);
        run(
                "javac",
                "-Xlint:all",
                "-Werror",
                "-p",
                LIBRARY.toString(),
                "-d",
                folder.resolve("classes").toString(),
                descriptor.toString(),
                program.toString());
    }

    private static String run(String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(tool);
        command.addAll(List.of(arguments));
        return run(command.toArray(new String[0]));
    }

    private static String run(String[] command) throws Exception {
        command[0] = Path.of(System.getProperty("java.home"), "bin", command[0]).toString();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
