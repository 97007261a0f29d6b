package dev.rustyonions.bus.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rustyonions.bus.fixture.Task;
import dev.rustyonions.bus.fixture.ThreadKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which files the tests of the documents look at. */
class ProjectTest {
    @TempDir Path root;

    @Test
    void buildOutputAndWhatIsHiddenAreNoSources() throws Exception {
        Path document = file("docs/one.md");
        Path source = file("One.java");
        file("target/one.md");
        file("docs/target/one.md");
        file(".git/one.md");
        file(".hidden.md");

        assertThat(Project.sources(root)).containsExactly(source, document);
    }

    @Test
    void aFileThatIsRemovedMeanwhileDisturbsNobody() throws Exception {
        Path document = file("one.md");
        AtomicBoolean done = new AtomicBoolean();
        Task<Void> tool =
                Task.start(
                        ThreadKind.PLATFORM,
                        () -> {
                            while (!done.get()) {
                                Files.delete(Files.createFile(root.resolve(".attach")));
                                Files.delete(Files.createFile(root.resolve("attach")));
                            }
                            return null;
                        });
        try {
            for (int i = 0; i < 10_000; i++) {
                assertThat(Project.sources(root)).contains(document);
            }
        } finally {
            done.set(true);
        }
        tool.result();
    }

    private Path file(String path) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }
}
