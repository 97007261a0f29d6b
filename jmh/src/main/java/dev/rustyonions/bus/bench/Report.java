package dev.rustyonions.bus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Collects rows, shows each as it comes, and writes all of them as Markdown and JSON. */
public final class Report {
    private final List<Row> rows = new ArrayList<>();

    /** Adds a row and prints it. */
    public void add(Row row) {
        rows.add(row);
        if (Rows.isForked()) {
            System.out.println(Rows.format(row));
            return;
        }
        System.out.println(
                "  "
                        + row.cells().entrySet().stream()
                                .map(cell -> cell.getKey() + " " + Row.text(cell.getValue()))
                                .collect(Collectors.joining(", ")));
    }

    /** The rows so far. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** Writes {@code <base>.md} and {@code <base>.json}. */
    public void write(Path base) {
        if (Rows.isForked()) {
            return;
        }
        String name = base.toString();
        try {
            Path parent = base.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(
                    Path.of(name + ".md"),
                    "# Benchmarks\n\n" + machine() + "\n" + Row.markdown(rows));
            Files.writeString(
                    Path.of(name + ".json"),
                    rows.stream()
                            .map(Row::json)
                            .collect(Collectors.joining(",\n", "[\n", "\n]\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println("Written: " + name + ".md and " + name + ".json");
    }

    /** What the figures were measured on. */
    public static String machine() {
        return String.format(
                Locale.ROOT,
                "%s; %s %s; %d processors; %s; %s",
                Instant.now().toString().substring(0, 10),
                System.getProperty("java.vm.name"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.name"));
    }

    /** Name and version of the JDK. */
    public static String jdk() {
        String vendor = System.getProperty("java.vendor.version");
        return vendor == null || vendor.isEmpty()
                ? System.getProperty("java.vm.name") + " " + Runtime.version()
                : vendor.replace('-', ' ');
    }

    /** Name of the processor, as the operating system says it; else that of its architecture. */
    public static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
