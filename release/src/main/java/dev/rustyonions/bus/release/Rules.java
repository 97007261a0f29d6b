package dev.rustyonions.bus.release;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules for a bundle: those of a central repository, and some of this project's own. They look
 * at nothing but the files in the bundle.
 */
final class Rules {
    private static final Pattern PATH =
            Pattern.compile(Published.GROUP.replace('.', '/') + "/([^/]+)/([^/]+)/([^/]+)");

    /** What stands in the way of a user, since it is about the build of the artifact. */
    private static final List<String> OF_THE_BUILD =
            List.of(
                    "parent",
                    "modules",
                    "build",
                    "reporting",
                    "profiles",
                    "properties",
                    "repositories",
                    "pluginRepositories",
                    "distributionManagement");

    private static final List<List<String>> NEEDED =
            List.of(
                    List.of("name"),
                    List.of("description"),
                    List.of("url"),
                    List.of("licenses", "license", "name"),
                    List.of("licenses", "license", "url"),
                    List.of("developers", "developer", "name"),
                    List.of("scm", "connection"),
                    List.of("scm", "developerConnection"),
                    List.of("scm", "url"));

    /**
     * What a dependency of a published artifact may be under, by the names of SPDX or, where SPDX
     * has none, its own. Of several licences its users choose one.
     */
    private static final List<String> LICENCES =
            List.of(
                    "Apache-2.0",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "Bouncy Castle Licence",
                    "CC0-1.0",
                    "EPL-2.0",
                    "MIT");

    private final SortedMap<String, byte[]> files;
    private final List<String> wrong = new ArrayList<>();
    private final SortedSet<String> unready = new TreeSet<>();

    /** What is wrong with a bundle, and what is right in a rehearsal but must not be published. */
    record Verdict(List<String> wrong, List<String> unready) {
        boolean isGood(boolean strict) {
            return wrong.isEmpty() && (unready.isEmpty() || !strict);
        }
    }

    private Rules(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    static Verdict check(SortedMap<String, byte[]> files) throws IOException {
        Rules rules = new Rules(files);
        Set<String> known = new HashSet<>();
        SortedSet<String> jars = new TreeSet<>();
        SortedSet<String> managed = new TreeSet<>();
        SortedSet<String> versions = new TreeSet<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Matcher path = PATH.matcher(file.getKey());
            if (!file.getKey().endsWith(".pom") || !path.matches()) {
                continue;
            }
            String artifact = path.group(1);
            String version = path.group(2);
            String base = file.getKey().substring(0, file.getKey().length() - ".pom".length());
            Xml pom = Xml.parse(file.getValue());
            boolean isJar = !pom.text("packaging").equals("pom");
            versions.add(version);
            if (isJar) {
                jars.add(artifact);
            }
            for (Xml dependency : pom.all("dependencyManagement", "dependencies", "dependency")) {
                managed.add(dependency.text("artifactId"));
            }
            rules.checkPom(
                    artifact, version, pom, new String(file.getValue(), StandardCharsets.UTF_8));
            for (String end : isJar ? Bundle.OF_A_JAR : Bundle.OF_A_POM) {
                rules.checkFile(base + end, known);
            }
            if (isJar) {
                rules.checkJars(version, base);
            }
            rules.checkBillOfMaterials(artifact, version, base + "-cyclonedx");
        }
        for (String path : files.keySet()) {
            if (!known.contains(path)) {
                rules.wrong.add(path + ": belongs to no artifact");
            }
        }
        if (versions.size() != 1) {
            rules.wrong.add("the bundle has to have one version and has " + versions);
        }
        if (!managed.equals(jars)) {
            rules.wrong.add("the bom manages " + managed + " and the bundle has " + jars);
        }
        rules.checkSignatures(known);
        return new Verdict(rules.wrong, List.copyOf(rules.unready));
    }

    // ---- files ----

    private void checkFile(String path, Set<String> known) {
        byte[] content = files.get(path);
        known.add(path);
        known.add(path + Bundle.SIGNATURE);
        Bundle.CHECKSUMS.forEach(
                (end, algorithm) -> {
                    known.add(path + end);
                    if (content != null
                            && !Arrays.equals(
                                    Bundle.checksum(algorithm, content), files.get(path + end))) {
                        wrong.add(path + end + ": is not the " + algorithm + " of the file");
                    }
                });
        if (content == null) {
            wrong.add(path + ": is missing");
        }
    }

    private void checkSignatures(Set<String> known) {
        List<String> unsigned = new ArrayList<>();
        boolean someAreSigned = false;
        for (String path : files.keySet()) {
            byte[] signature = files.get(path + Bundle.SIGNATURE);
            if (known.contains(path + Bundle.SIGNATURE)) {
                if (signature == null) {
                    unsigned.add(path);
                } else {
                    someAreSigned = true;
                    if (!new String(signature, StandardCharsets.US_ASCII)
                            .startsWith("-----BEGIN PGP SIGNATURE-----")) {
                        wrong.add(path + Bundle.SIGNATURE + ": is no armoured PGP signature");
                    }
                }
            }
        }
        if (someAreSigned) {
            unsigned.forEach(path -> wrong.add(path + ": has no signature, and others have"));
        } else {
            unready.add("no file is signed: MAVEN_GPG_KEY has no key");
        }
    }

    // ---- poms ----

    private void checkPom(String artifact, String version, Xml pom, String text) {
        String name = artifact + " " + version;
        if (!pom.text("groupId").equals(Published.GROUP)
                || !pom.text("artifactId").equals(artifact)
                || !pom.text("version").equals(version)) {
            wrong.add(name + ": the pom has other coordinates than its path");
        }
        for (List<String> path : NEEDED) {
            if (pom.text(path.toArray(String[]::new)).isEmpty()) {
                wrong.add(name + ": the pom has no " + String.join("/", path));
            }
        }
        for (String element : OF_THE_BUILD) {
            if (!pom.all(element).isEmpty()) {
                wrong.add(name + ": the pom has " + element + ", which is the build's own affair");
            }
        }
        if (text.contains("${")) {
            wrong.add(name + ": the pom has an expression, which a user's build may not resolve");
        }
        if (version.endsWith("-SNAPSHOT")) {
            unready.add("the version is that of a snapshot, " + version);
        }
        if (text.contains(".invalid")) {
            unready.add("the poms name no page of the project: -Dron.home=URL sets it");
        }
        for (Xml dependency : pom.all("dependencies", "dependency")) {
            checkDependency(artifact, version, dependency);
        }
    }

    private void checkDependency(String artifact, String version, Xml dependency) {
        String name =
                artifact
                        + " "
                        + version
                        + ": the dependency "
                        + dependency.text("groupId")
                        + ":"
                        + dependency.text("artifactId");
        String needed = dependency.text("version");
        String scope = dependency.text("scope");
        boolean isOurs = dependency.text("groupId").equals(Published.GROUP);
        if (needed.isEmpty() || !needed.matches("[A-Za-z0-9.+_-]+")) {
            wrong.add(name + " has no fixed version: \"" + needed + "\"");
        }
        if (isOurs && !needed.equals(version)) {
            wrong.add(name + " has another version than the bundle: " + needed);
        }
        if (!isOurs && needed.endsWith("-SNAPSHOT")) {
            wrong.add(name + " is a snapshot: " + needed);
        }
        if (!Set.of("", "compile", "runtime").contains(scope)) {
            wrong.add(name + " has the scope " + scope + ", which is no user's affair");
        }
        if (artifact.equals("ron-bus") && !dependency.text("optional").equals("true")) {
            wrong.add(name + " is mandatory, and the library has no mandatory dependency");
        }
    }

    // ---- jars ----

    private void checkJars(String version, String base) throws IOException {
        Map<String, byte[]> jar = unzip(base + ".jar");
        Map<String, byte[]> sources = unzip(base + "-sources.jar");
        Map<String, byte[]> javadoc = unzip(base + "-javadoc.jar");
        for (String licence : List.of("META-INF/LICENSE-MIT", "META-INF/LICENSE-APACHE")) {
            if (!jar.containsKey(licence)) {
                wrong.add(base + ".jar: has no " + licence);
            }
        }
        byte[] lines = jar.getOrDefault("META-INF/MANIFEST.MF", new byte[0]);
        var manifest = new Manifest(new ByteArrayInputStream(lines)).getMainAttributes();
        if (!version.equals(manifest.getValue("Implementation-Version"))) {
            wrong.add(base + ".jar: its manifest has no Implementation-Version " + version);
        }
        if (!jar.containsKey("module-info.class")
                && manifest.getValue("Automatic-Module-Name") == null) {
            wrong.add(base + ".jar: has neither a module-info nor an Automatic-Module-Name");
        }
        for (Map.Entry<String, byte[]> entry : jar.entrySet()) {
            if (entry.getKey().endsWith(".class")) {
                String source = source(entry.getKey(), entry.getValue());
                if (!sources.containsKey(source)) {
                    wrong.add(base + "-sources.jar: has no " + source);
                }
            }
        }
        if (!javadoc.containsKey("index.html")) {
            wrong.add(base + "-javadoc.jar: has no index.html");
        }
    }

    /** A class tells the name of its file: not every class has one of its own. */
    private static String source(String name, byte[] content) {
        ClassNode node = new ClassNode();
        new ClassReader(content).accept(node, ClassReader.SKIP_CODE);
        return name.substring(0, name.lastIndexOf('/') + 1) + node.sourceFile;
    }

    private Map<String, byte[]> unzip(String path) throws IOException {
        byte[] content = files.get(path);
        return content == null ? Map.of() : Bundle.unzip(new ByteArrayInputStream(content));
    }

    // ---- bills of materials ----

    private void checkBillOfMaterials(String artifact, String version, String base)
            throws IOException {
        String subject = "pkg:maven/" + Published.GROUP + "/" + artifact + "@" + version;
        byte[] text = files.get(base + ".xml");
        if (text == null) {
            return;
        }
        Xml bill = Xml.parse(text);
        if (!bill.text("metadata", "component", "purl").startsWith(subject)) {
            wrong.add(base + ".xml: is not about " + subject);
        }
        // The bill of another artifact may name this one too, as a dependency: a number tells.
        String number = bill.element().getAttribute("serialNumber");
        byte[] json = files.get(base + ".json");
        if (json != null
                && (number.isEmpty()
                        || !new String(json, StandardCharsets.UTF_8).contains(number))) {
            wrong.add(base + ".json: is not the bill of " + base + ".xml");
        }
        for (Xml component : bill.all("components", "component")) {
            List<String> licences = new ArrayList<>();
            for (Xml licence : component.all("licenses", "license")) {
                licences.add(licence.text("id") + licence.text("name"));
            }
            if (licences.stream().noneMatch(LICENCES::contains)) {
                wrong.add(
                        base
                                + ".xml: "
                                + component.text("purl")
                                + " has none of the licences "
                                + LICENCES
                                + " but "
                                + licences);
            }
        }
    }
}
