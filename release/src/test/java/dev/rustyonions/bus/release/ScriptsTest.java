package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the scripts of a release say that need more than this machine to be run. */
@DisabledOnOs(OS.WINDOWS)
class ScriptsTest {
    private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath();

    /** A library that needs one other, which needs a third. */
    private static final String BOM =
            """
            {"metadata": {"component": {"bom-ref": "pkg:maven/own/own@1?type=jar"}},
             "components": [
              {"bom-ref": "pkg:maven/a/near@2?type=jar", "purl": "pkg:maven/a/near@2?type=jar"},
              {"bom-ref": "pkg:maven/b/far@3?type=jar", "purl": "pkg:maven/b/far@3?type=jar"}],
             "dependencies": [
              {"ref": "pkg:maven/own/own@1?type=jar", "dependsOn": ["pkg:maven/a/near@2?type=jar"]},
              {"ref": "pkg:maven/a/near@2?type=jar", "dependsOn": ["pkg:maven/b/far@3?type=jar"]},
              {"ref": "pkg:maven/b/far@3?type=jar"}]}
            """;

    private record Run(int status, String out) {}

    @TempDir private Path tree;

    @BeforeEach
    void aTreeOfItsOwn() throws Exception {
        Files.createDirectories(tree.resolve("scripts"));
        for (String script : List.of("submit_dependencies.sh", "links_check.sh")) {
            Files.copy(SCRIPTS.resolve(script), tree.resolve("scripts").resolve(script));
        }
    }

    private Run run(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(tree.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes());
        return new Run(process.waitFor(), out);
    }

    private static boolean has(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Test
    void whatIsSubmittedTellsADependencyFromThatOfADependency() throws Exception {
        assumeTrue(has("jq"), "there is no jq");
        for (String module : List.of(".", "sse", "nats", "console", "spring")) {
            Path target = Files.createDirectories(tree.resolve(module).resolve("target"));
            Files.writeString(target.resolve("own-cyclonedx.json"), BOM);
        }
        Run run =
                run(
                        List.of("bash", "scripts/submit_dependencies.sh"),
                        Map.of("GITHUB_SHA", "c0ffee", "GITHUB_RUN_ID", "17"));
        assertThat(run.status).as(run.out).isZero();
        String plain = run.out.replaceAll("\\s+", "");
        assertThat(plain)
                .contains("\"sha\":\"c0ffee\"", "\"id\":\"17\"")
                .contains(
                        "\"nats/pom.xml\":{\"name\":\"nats/pom.xml\","
                                + "\"file\":{\"source_location\":\"nats/pom.xml\"},\"resolved\":{"
                                + resolved("pkg:maven/a/near@2", "direct", "\"pkg:maven/b/far@3\"")
                                + ","
                                + resolved("pkg:maven/b/far@3", "indirect", "")
                                + "}}")
                .contains("\"pom.xml\":{\"name\":\"pom.xml\"");
    }

    private static String resolved(String name, String relationship, String next) {
        return String.format(
                "\"%s\":{\"package_url\":\"%s\",\"relationship\":\"%s\",\"scope\":\"runtime\","
                        + "\"dependencies\":[%s]}",
                name, name, relationship, next);
    }

    @Test
    void withoutABillOfMaterialsNothingIsSubmitted() throws Exception {
        Run run = run(List.of("bash", "scripts/submit_dependencies.sh"), Map.of());
        assertThat(run.status).isEqualTo(2);
        assertThat(run.out).contains("no bill of materials in ./target");
    }

    /** Answers as curl does with 404 for one address and with 200 for all others. */
    private Run links(String answer) throws Exception {
        Path curl = Files.createDirectories(tree.resolve("bin")).resolve("curl");
        Files.writeString(curl, "#!/bin/sh\n" + answer + "\n");
        assertThat(curl.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                tree.resolve("a.md"),
                """
                [one](https://one.test/page), https://two.test/x.
                http://localhost:8080/ https://shop.example/ <https://bus.invalid>
                """);
        run(List.of("git", "init", "-q"), Map.of());
        run(List.of("git", "add", "a.md"), Map.of());
        return run(
                List.of("bash", "scripts/links_check.sh"),
                Map.of("PATH", curl.getParent() + ":" + System.getenv("PATH")));
    }

    @Test
    void anAddressThatIsGoneIsNamedAndThoseOfThisMachineAreNotAsked() throws Exception {
        Run run = links("case \"$*\" in *two.test*) printf 404;; *) printf 200;; esac");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.out)
                .isEqualTo(
                        "200 https://one.test/page\n404 https://two.test/x\n"
                                + "gone: https://two.test/x\n");
    }

    @Test
    void addressesThatAllAnswerAreFineAndNoneIsNoVerdict() throws Exception {
        assertThat(links("printf 200").status).isZero();
        Run none = links("printf 000; exit 6");
        assertThat(none.status).isEqualTo(77);
        assertThat(none.out).contains("none of 2 addresses answered");
    }

    @Test
    void eachScriptCanBeReadByItsShell() throws IOException, InterruptedException {
        List<Path> scripts = new ArrayList<>(List.of(SCRIPTS.resolveSibling(".ci/run")));
        for (Path folder : List.of(SCRIPTS, SCRIPTS.resolveSibling("mutants"))) {
            try (var files = Files.newDirectoryStream(folder, "*.sh")) {
                files.forEach(scripts::add);
            }
        }
        for (Path script : scripts) {
            Process process =
                    new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
            assertThat(process.waitFor()).as(script.toString()).isZero();
        }
    }
}
