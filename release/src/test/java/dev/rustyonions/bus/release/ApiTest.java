package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The surface of each published artifact is the one that was accepted. */
class ApiTest {
    private static final Path ROOT = Path.of("..");

    static List<Published> jars() throws IOException {
        return Published.in(ROOT).stream().filter(Published::isJar).toList();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void theSurfaceOfAnArtifactIsTheOneInItsText(Published published) throws IOException {
        Path text = Api.text(ROOT, published.artifact());
        assertThat(text).as("scripts/accept_api.sh writes it").exists();
        String accepted = Files.readString(text);
        String found = Surface.of(published.artifact(), published.classes());
        assertThat(Api.differences(accepted, found))
                .as(
                        "changes to the surface of %s; CONTRIBUTING.md says which of them a version"
                                + " may have, and scripts/accept_api.sh accepts them",
                        published.artifact())
                .isEmpty();
        assertThat(found).isEqualTo(accepted);
    }

    @Test
    void everyTextIsThatOfAPublishedArtifact() throws IOException {
        try (Stream<Path> texts = Files.list(ROOT.resolve("api"))) {
            assertThat(texts.map(text -> text.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            jars().stream().map(jar -> jar.artifact() + ".txt").toList());
        }
    }

    @Test
    void aDifferenceNamesTheTypeAndWhetherItWasAcceptedOrIsNew() {
        assertThat(
                        Api.differences(
                                "public class A\n    int a()\n    int b()\n",
                                "public class A\n    long a()\n    int b()\npublic class B\n"))
                .containsExactly(
                        "- public class A: int a()",
                        "+ public class A: long a()",
                        "+ public class B");
    }
}
