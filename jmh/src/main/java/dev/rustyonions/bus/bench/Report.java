package dev.rustyonions.bus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** Name and version of the JDK, and its collector if that is not G1. */
    public static String jdk() {
        String vendor = System.getProperty("java.vendor.version");
        String name =
                vendor == null || vendor.isEmpty()
                        ? System.getProperty("java.vm.name") + " " + Runtime.version()
                        : vendor.replace('-', ' ');
        String collector =
                collector(
                        ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .map(GarbageCollectorMXBean::getName)
                                .toList());
        return collector.equals("G1") ? name : name + " with " + collector;
    }

    /** What people call the collector whose beans have these names. */
    static String collector(List<String> beans) {
        return switch (beans.getFirst().split(" ", 2)[0]) {
            case "PS" -> "Parallel";
            case "Copy" -> "Serial";
            case String name -> name;
        };
    }

    /**
     * Name of the processor, as the operating system says it; else that of its architecture. With
     * family and model where Linux tells them: a virtual machine may hide the generation, and two
     * of one name differ by as much as two makes.
     */
    public static String processor() {
        try {
            return processor(Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The same by the lines of {@code /proc/cpuinfo}. */
    static String processor(List<String> cpuinfo) {
        Map<String, String> first = new HashMap<>();
        for (String line : cpuinfo) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String value = line.substring(colon + 1).strip();
                first.putIfAbsent(line.substring(0, colon).strip(), value);
            }
        }
        String name = first.getOrDefault("model name", System.getProperty("os.arch"));
        String family = first.get("cpu family");
        String model = first.get("model");
        return family == null || model == null
                ? name
                : name + " (family " + family + ", model " + model + ")";
    }
}
