package dev.rustyonions.bus.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Makes the bundle of a release, a zip file in the layout of a repository, from what the build left
 * in the target folders of the published projects, and holds it against {@link Rules}.
 */
final class Bundle {
    /** The checksums of each file: what their names end in, and the algorithm. */
    static final Map<String, String> CHECKSUMS =
            new TreeMap<>(
                    Map.of(
                            ".md5", "MD5",
                            ".sha1", "SHA-1",
                            ".sha256", "SHA-256",
                            ".sha512", "SHA-512"));

    static final String SIGNATURE = ".asc";

    /** What follows name and version in the names of the files of a jar, and of a pom alone. */
    static final List<String> OF_A_JAR =
            List.of(
                    ".jar",
                    ".pom",
                    "-sources.jar",
                    "-javadoc.jar",
                    "-cyclonedx.json",
                    "-cyclonedx.xml");

    static final List<String> OF_A_POM = List.of(".pom", "-cyclonedx.json", "-cyclonedx.xml");

    /** Of every entry, so that two bundles of the same files are the same file. */
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private Bundle() {}

    /**
     * Arguments: {@code strict} or {@code rehearsal}, the folder of the project, the zip file to
     * write. What is wrong is printed and makes the exit status 1. What only keeps a bundle from
     * being published, such as the version of a snapshot, is printed too, and is wrong if strict.
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 3 || !List.of("strict", "rehearsal").contains(args[0])) {
            System.err.println(
                    "usage: Bundle (strict|rehearsal) PROJECT ZIP, strict or rehearsal from"
                            + " -Dbundle.check; got "
                            + List.of(args));
            System.exit(2);
        }
        Path zip = Path.of(args[2]).normalize();
        List<Published> published = Published.in(Path.of(args[1]));
        write(collect(published), zip);
        Rules.Verdict verdict = Rules.check(read(zip));
        verdict.wrong().forEach(wrong -> System.err.println("wrong: " + wrong));
        verdict.unready().forEach(unready -> System.err.println("not to be published: " + unready));
        System.out.println(
                zip
                        + ": "
                        + published.stream().map(Published::artifact).toList()
                        + " "
                        + published.getFirst().version());
        System.exit(verdict.isGood(args[0].equals("strict")) ? 0 : 1);
    }

    /** The files of the bundle with their checksums, by their paths in a repository. */
    static SortedMap<String, byte[]> collect(List<Published> published) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (Published project : published) {
            String name = project.artifact() + "-" + project.version();
            String folder =
                    Published.GROUP.replace('.', '/')
                            + "/"
                            + project.artifact()
                            + "/"
                            + project.version()
                            + "/";
            for (String end : project.isJar() ? OF_A_JAR : OF_A_POM) {
                Path target = project.directory().resolve("target");
                Path file = target.resolve(end.equals(".pom") ? "published.pom" : name + end);
                if (!Files.exists(file)) {
                    throw new IOException(
                            file + " is missing: build it with mvn -f build -Prelease verify");
                }
                add(files, folder + name + end, Files.readAllBytes(file));
                Path signature = target.resolve(name + end + SIGNATURE);
                if (Files.exists(signature)) {
                    files.put(folder + name + end + SIGNATURE, Files.readAllBytes(signature));
                }
            }
        }
        return files;
    }

    /** Adds a file and its checksums. */
    static void add(Map<String, byte[]> files, String path, byte[] content) {
        files.put(path, content);
        CHECKSUMS.forEach((end, algorithm) -> files.put(path + end, checksum(algorithm, content)));
    }

    static byte[] checksum(String algorithm, byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(content);
            return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void write(SortedMap<String, byte[]> files, Path zip) throws IOException {
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> content : files.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(content.getValue());
                out.closeEntry();
            }
        }
    }

    static SortedMap<String, byte[]> read(Path zip) throws IOException {
        return unzip(Files.newInputStream(zip));
    }

    /** The files in a zip or jar file, by name; folders have none. */
    static SortedMap<String, byte[]> unzip(InputStream zip) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(zip)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) {
                    ByteArrayOutputStream content = new ByteArrayOutputStream();
                    in.transferTo(content);
                    files.put(entry.getName(), content.toByteArray());
                }
            }
        }
        return files;
    }
}
