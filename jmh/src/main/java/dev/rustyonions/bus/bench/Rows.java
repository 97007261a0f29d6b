package dev.rustyonions.bus.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries rows from a JVM of their own to the one that reports them: a line each, cells separated
 * by tabs.
 */
public final class Rows {
    private static final String MARK = "row\t";

    private Rows() {}

    /** Runs a harness in a new JVM and returns its rows; its other output is passed on. */
    public static List<Row> fork(String harness, String... arguments)
            throws IOException, InterruptedException {
        return fork(List.of(), harness, arguments);
    }

    /** Runs a harness in a new JVM that has some options more, and returns its rows. */
    public static List<Row> fork(List<String> options, String harness, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.add("-Dron.bench.rows=true");
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.add(harness);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<Row> rows = new ArrayList<>();
        List<String> other = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(MARK)) {
                    rows.add(parse(line));
                } else {
                    other.add(line);
                }
            }
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(
                    harness + " ended with " + exit + ":\n" + String.join("\n", other));
        }
        return rows;
    }

    /** Whether this JVM was started by {@link #fork}. */
    public static boolean isForked() {
        return Boolean.getBoolean("ron.bench.rows");
    }

    static String format(Row row) {
        StringBuilder line = new StringBuilder(MARK).append(row.table());
        row.cells()
                .forEach(
                        (column, value) ->
                                line.append('\t')
                                        .append(column)
                                        .append('\t')
                                        .append(kind(value))
                                        .append(value));
        return line.toString();
    }

    private static char kind(Object value) {
        return value instanceof Double ? 'd' : value instanceof Number ? 'n' : 's';
    }

    private static Row parse(String line) {
        String[] parts = line.split("\t", -1);
        Row row = Row.of(parts[1]);
        for (int i = 2; i < parts.length; i += 2) {
            String value = parts[i + 1].substring(1);
            row.with(
                    parts[i],
                    switch (parts[i + 1].charAt(0)) {
                        case 'd' -> (Object) Double.valueOf(value);
                        case 'n' -> (Object) Long.valueOf(value);
                        default -> value;
                    });
        }
        return row;
    }
}
