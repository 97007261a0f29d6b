import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file below the given paths, target directories left out:
 * {@code check} fails and names the files that differ, {@code apply} rewrites them. Both name the
 * lines that are wider than 100 columns, and {@code check} fails on them. Started by the build on
 * the selected JDK, as a single source file.
 *
 * <p>Javadoc and long strings are left as written: pictures and examples in comments are laid out
 * by hand.
 */
final class Format {
    /** What the build generates is not looked at. */
    private static final String OUTPUT = "target" + File.separator;

    /** Columns of a line. The formatter keeps to them in code, but leaves comments and strings. */
    private static final int WIDTH = 100;

    public static void main(String[] args) throws IOException {
        boolean apply = args.length > 0 && args[0].equals("apply");
        if (args.length < 2 || !(apply || args[0].equals("check"))) {
            System.err.println("usage: Format (check|apply) path...; got " + List.of(args));
            System.exit(2);
        }
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--aosp",
                                "--skip-javadoc-formatting",
                                "--skip-reflowing-long-strings"));
        arguments.addAll(
                apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        int options = arguments.size();
        SortedSet<String> sources = new TreeSet<>();
        for (int i = 1; i < args.length; i++) {
            Path path = Path.of(args[i]).toAbsolutePath().normalize();
            if (Files.exists(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !path.relativize(file).toString().contains(OUTPUT))
                            .map(file -> file.toAbsolutePath().normalize().toString())
                            .forEach(sources::add);
                }
            }
        }
        arguments.addAll(sources);
        if (arguments.size() == options) {
            return;
        }
        int exit =
                ToolProvider.findFirst("google-java-format")
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "google-java-format is not on the class path"))
                        .run(System.out, System.err, arguments.toArray(String[]::new));
        if (exit != 0 && !apply) {
            System.err.println("Not formatted: the files named above. Run scripts/format.sh.");
        }
        List<String> wide = wideLines(sources);
        wide.forEach(System.err::println);
        if (!wide.isEmpty()) {
            System.err.printf("Wider than %d columns: the lines named above.%n", WIDTH);
        }
        System.exit(exit != 0 || apply || wide.isEmpty() ? exit : 1);
    }

    /** A name has no place to break at, so an import may be as wide as it is. */
    private static List<String> wideLines(SortedSet<String> sources) throws IOException {
        List<String> wide = new ArrayList<>();
        for (String source : sources) {
            List<String> lines = Files.readAllLines(Path.of(source));
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                int width = line.codePointCount(0, line.length());
                if (width > WIDTH && !line.startsWith("import ")) {
                    wide.add(source + ":" + (i + 1) + ": " + width + " columns");
                }
            }
        }
        return wide;
    }
}
