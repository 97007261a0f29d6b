package dev.rustyonions.bus.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A bundle that breaks a rule is refused, and the rule is named. */
class RulesTest {
    private static final String FOLDER = "dev/rustyonions/ron-bus/1.0.0/ron-bus-1.0.0";
    private static final String BOM = "dev/rustyonions/ron-bus-bom/1.0.0/ron-bus-bom-1.0.0";

    private static final String POM =
            """
            <project>
              <groupId>dev.rustyonions</groupId>
              <artifactId>ron-bus</artifactId>
              <version>1.0.0</version>
              <name>bus</name>
              <description>A bus</description>
              <url>https://bus.example</url>
              <licenses>
                <license><name>MIT</name><url>https://mit.example</url></license>
              </licenses>
              <developers>
                <developer><name>Ann</name></developer>
              </developers>
              <scm>
                <connection>scm:git:https://bus.example</connection>
                <developerConnection>scm:git:https://bus.example</developerConnection>
                <url>https://bus.example</url>
              </scm>
              <dependencies>
                <dependency>
                  <groupId>org.example</groupId>
                  <artifactId>meters</artifactId>
                  <version>2.1</version>
                  <scope>compile</scope>
                  <optional>true</optional>
                </dependency>
              </dependencies>
            </project>
            """;

    private static final String BOM_POM =
            POM.replace("<artifactId>ron-bus<", "<artifactId>ron-bus-bom<")
                    .replace("<name>bus", "<packaging>pom</packaging><name>bus")
                    .replaceFirst(
                            "(?s)<dependencies>.*</dependencies>",
                            """
                            <dependencyManagement><dependencies><dependency>
                            <groupId>dev.rustyonions</groupId>
                            <artifactId>ron-bus</artifactId>
                            <version>1.0.0</version>
                            </dependency></dependencies></dependencyManagement>
                            """);

    private static final Map<String, String> JAR =
            Map.of(
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\nImplementation-Version: 1.0.0\n",
                    "META-INF/LICENSE-MIT",
                    "MIT",
                    "META-INF/LICENSE-APACHE",
                    "Apache",
                    "module-info.class",
                    "module-info.java",
                    "bus/Bus.class",
                    "Bus.java",
                    "bus/Bus$Inner.class",
                    "Bus.java",
                    "bus/BusPart.class",
                    "Bus.java");

    private static final Map<String, String> SOURCES =
            Map.of("module-info.java", "", "bus/Bus.java", "");

    @Test
    void aCompleteAndSignedBundleIsGood() throws IOException {
        Rules.Verdict verdict = Rules.check(signed(complete()));
        assertThat(verdict.wrong()).isEmpty();
        assertThat(verdict.unready()).isEmpty();
    }

    @Test
    void aBundleWithoutSignaturesIsGoodForARehearsalOnly() throws IOException {
        Rules.Verdict verdict = Rules.check(complete());
        assertThat(verdict.wrong()).isEmpty();
        assertThat(verdict.unready())
                .containsExactly("no file is signed: MAVEN_GPG_KEY has no key");
        assertThat(verdict.isGood(false)).isTrue();
        assertThat(verdict.isGood(true)).isFalse();
    }

    @Test
    void aSnapshotAndAPlaceholderAreGoodForARehearsalOnly() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : complete().entrySet()) {
            String path = file.getKey();
            if (Bundle.CHECKSUMS.keySet().stream().noneMatch(path::endsWith)) {
                byte[] content =
                        path.endsWith("1.0.0.jar")
                                ? zip(jarOf("1.0.0-SNAPSHOT"))
                                : path.endsWith(".jar")
                                        ? file.getValue()
                                        : snapshot(file.getValue());
                Bundle.add(files, path.replace("1.0.0", "1.0.0-SNAPSHOT"), content);
            }
        }
        Rules.Verdict verdict = Rules.check(signed(files));
        assertThat(verdict.wrong()).isEmpty();
        assertThat(verdict.unready())
                .containsExactly(
                        "the poms name no page of the project: -Dron.home=URL sets it",
                        "the version is that of a snapshot, 1.0.0-SNAPSHOT");
        assertThat(verdict.isGood(true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<name>bus</name>      | ''                  | the pom has no name",
                "<description>A bus</description> | ''       | the pom has no description",
                "<url>https://bus.example</url> | ''         | the pom has no url",
                "<name>MIT</name>      | ''                  | the pom has no licenses/license",
                "<developer><name>Ann</name></developer> | '' | the pom has no developers/",
                "<connection>scm:git:https://bus.example</connection> | '' | no scm/connection",
                "<version>1.0.0<       | <version>1.0.1<     | other coordinates than its path",
                "<name>bus             | <parent/><name>bus  | the pom has parent",
                "<name>bus             | <repositories/><name>bus | the pom has repositories",
                "<name>bus             | <properties/><name>bus | the pom has properties",
                "A bus                 | A bus ${version}    | the pom has an expression",
                "<version>2.1</version> | ''                 | has no fixed version: \"\"",
                "<version>2.1<         | <version>[2,)<      | has no fixed version: \"[2,)\"",
                "<version>2.1<         | <version>2.1-SNAPSHOT< | is a snapshot: 2.1-SNAPSHOT",
                "org.example           | dev.rustyonions     | has another version than the bundle",
                "<scope>compile<       | <scope>test<        | has the scope test",
                "<optional>true</optional> | ''              | is mandatory",
            })
    void aPomThatBreaksARuleIsRefused(String was, String is, String rule) throws IOException {
        String pom = POM.replace(was, is);
        assertThat(pom).isNotEqualTo(POM);
        SortedMap<String, byte[]> files = complete();
        Bundle.add(files, FOLDER + ".pom", utf8(pom));
        assertThat(Rules.check(signed(files)).wrong())
                .anySatisfy(wrong -> assertThat(wrong).contains(rule));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".jar",
                "-sources.jar",
                "-javadoc.jar",
                "-cyclonedx.json",
                "-cyclonedx.xml",
                ".jar.sha1",
                ".pom.md5",
                "-sources.jar.asc"
            })
    void aFileThatIsMissingIsNamed(String end) throws IOException {
        SortedMap<String, byte[]> files = signed(complete());
        files.remove(FOLDER + end);
        assertThat(Rules.check(files).wrong())
                .anySatisfy(
                        wrong -> assertThat(wrong).startsWith(FOLDER + end.replace(".asc", "")));
    }

    @Test
    void aFileThatBelongsToNothingAndAChecksumOfAnotherFileAreNamed() throws IOException {
        SortedMap<String, byte[]> files = signed(complete());
        files.put(FOLDER + "-tests.jar", utf8("tests"));
        files.put(FOLDER + ".jar.sha256", Bundle.checksum("SHA-256", utf8("another")));
        assertThat(Rules.check(files).wrong())
                .containsExactlyInAnyOrder(
                        FOLDER + "-tests.jar: belongs to no artifact",
                        FOLDER + ".jar.sha256: is not the SHA-256 of the file");
    }

    @Test
    void aBomThatManagesOtherArtifactsThanTheBundleHasIsRefused() throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(
                files,
                BOM + ".pom",
                utf8(BOM_POM.replace(">ron-bus</artifactId>", ">ron-bus-gone</artifactId>")));
        assertThat(Rules.check(signed(files)).wrong())
                .containsExactly("the bom manages [ron-bus-gone] and the bundle has [ron-bus]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "META-INF/LICENSE-MIT  | has no META-INF/LICENSE-MIT",
                "module-info.class     | neither a module-info nor an Automatic-Module-Name",
                "META-INF/MANIFEST.MF  | has no Implementation-Version 1.0.0",
            })
    void aJarThatLacksSomethingIsRefused(String entry, String rule) throws IOException {
        Map<String, String> jar = new TreeMap<>(JAR);
        jar.remove(entry);
        SortedMap<String, byte[]> files = complete();
        Bundle.add(files, FOLDER + ".jar", zip(jar));
        assertThat(Rules.check(signed(files)).wrong())
                .anySatisfy(wrong -> assertThat(wrong).contains(rule));
    }

    @Test
    void sourcesAndJavadocThatDoNotFitTheJarAreRefused() throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(files, FOLDER + "-sources.jar", zip(Map.of("bus/Bus.java", "")));
        Bundle.add(files, FOLDER + "-javadoc.jar", zip(Map.of("x.html", "")));
        assertThat(Rules.check(signed(files)).wrong())
                .containsExactly(
                        FOLDER + "-sources.jar: has no module-info.java",
                        FOLDER + "-javadoc.jar: has no index.html");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<id>MIT</id>  | <id>GPL-3.0-only</id>",
                "<id>MIT</id>  | ''",
                "<id>MIT</id>  | <name>Something of its own</name>",
            })
    void aDependencyUnderAnotherLicenceIsRefused(String was, String is) throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(files, FOLDER + "-cyclonedx.xml", utf8(bill("ron-bus").replace(was, is)));
        assertThat(Rules.check(signed(files)).wrong())
                .singleElement()
                .asString()
                .contains("pkg:maven/org.example/meters@2.1 has none of the licences [Apache-2.0,");
    }

    @Test
    void aDependencyUnderSeveralLicencesIsUnderTheOneThatIsAllowed() throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(
                files,
                FOLDER + "-cyclonedx.xml",
                utf8(
                        bill("ron-bus")
                                .replace("<license>", "<license><id>X</id></license><license>")));
        assertThat(Rules.check(signed(files)).wrong()).isEmpty();
    }

    @Test
    void aBillOfMaterialsOfAnotherArtifactIsRefused() throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(files, FOLDER + "-cyclonedx.xml", utf8(bill("ron-bus-bom")));
        assertThat(Rules.check(signed(files)).wrong())
                .containsExactly(
                        FOLDER
                                + "-cyclonedx.xml: is not about"
                                + " pkg:maven/dev.rustyonions/ron-bus@1.0.0",
                        FOLDER
                                + "-cyclonedx.json: is not the bill of "
                                + FOLDER
                                + "-cyclonedx.xml");
    }

    @Test
    void aBillInJsonOfAnotherArtifactThatNamesThisOneIsRefused() throws IOException {
        SortedMap<String, byte[]> files = complete();
        Bundle.add(
                files,
                BOM + "-cyclonedx.json",
                utf8(
                        "{\"serialNumber\": \"urn:uuid:of-another\", \"ref\":"
                                + " \"pkg:maven/dev.rustyonions/ron-bus-bom@1.0.0?type=pom\"}"));
        assertThat(Rules.check(signed(files)).wrong())
                .containsExactly(
                        BOM + "-cyclonedx.json: is not the bill of " + BOM + "-cyclonedx.xml");
    }

    private static String bill(String artifact) {
        return """
        <bom serialNumber="urn:uuid:of-ARTIFACT">
          <metadata><component>
            <purl>pkg:maven/dev.rustyonions/ARTIFACT@1.0.0?type=jar</purl>
          </component></metadata>
          <components><component>
            <licenses><license><id>MIT</id></license></licenses>
            <purl>pkg:maven/org.example/meters@2.1</purl>
          </component></components>
        </bom>
        """
                .replace("ARTIFACT", artifact);
    }

    private static SortedMap<String, byte[]> complete() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        Bundle.add(files, FOLDER + ".pom", utf8(POM));
        Bundle.add(files, FOLDER + ".jar", zip(JAR));
        Bundle.add(files, FOLDER + "-sources.jar", zip(SOURCES));
        Bundle.add(files, FOLDER + "-javadoc.jar", zip(Map.of("index.html", "")));
        Bundle.add(
                files,
                FOLDER + "-cyclonedx.json",
                utf8("{\"serialNumber\": \"urn:uuid:of-ron-bus\"}"));
        Bundle.add(files, FOLDER + "-cyclonedx.xml", utf8(bill("ron-bus")));
        Bundle.add(files, BOM + ".pom", utf8(BOM_POM));
        Bundle.add(files, BOM + "-cyclonedx.xml", utf8(bill("ron-bus-bom")));
        Bundle.add(
                files,
                BOM + "-cyclonedx.json",
                utf8("{\"serialNumber\": \"urn:uuid:of-ron-bus-bom\"}"));
        return files;
    }

    private static SortedMap<String, byte[]> signed(SortedMap<String, byte[]> files) {
        SortedMap<String, byte[]> signed = new TreeMap<>(files);
        for (String path : files.keySet()) {
            if (Bundle.CHECKSUMS.keySet().stream().noneMatch(path::endsWith)) {
                signed.put(path + Bundle.SIGNATURE, utf8("-----BEGIN PGP SIGNATURE-----\n"));
            }
        }
        return signed;
    }

    private static Map<String, String> jarOf(String version) {
        Map<String, String> jar = new TreeMap<>(JAR);
        jar.replaceAll((name, content) -> content.replace("1.0.0", version));
        return jar;
    }

    private static byte[] snapshot(byte[] text) {
        return utf8(
                new String(text, StandardCharsets.UTF_8)
                        .replace("1.0.0", "1.0.0-SNAPSHOT")
                        .replace("bus.example", "bus.invalid"));
    }

    private static byte[] zip(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(
                        entry.getKey().endsWith(".class")
                                ? compiledFrom(entry.getValue())
                                : utf8(entry.getValue()));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A class of no other content than the name of its source. */
    private static byte[] compiledFrom(String source) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC, "bus/Any", null, "java/lang/Object", null);
        writer.visitSource(source, null);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
