package dev.rustyonions.bus.bench.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Several runs of a benchmark on one machine.
 *
 * @param conditions what they were measured on, when and how
 * @param runs how many there were
 * @param lines what was measured
 */
record Measurement(Conditions conditions, int runs, List<Line> lines) {
    /** Fewer say nothing of quartiles. */
    static final int FEWEST_RUNS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A figure of a run is not sure to more digits. */
    private static final MathContext DIGITS = new MathContext(4);

    /**
     * What it was measured on, when and how.
     *
     * @param processor its name
     * @param processors how many there are
     * @param jdk name and version
     * @param system the operating system
     * @param date as year-month-day
     * @param commit of the sources, and whether they were changed
     * @param command that measures it again
     */
    record Conditions(
            String processor,
            int processors,
            String jdk,
            String system,
            String date,
            String commit,
            String command) {

        /** Whether another measurement of the benchmark takes the place of one on these. */
        boolean areOn(Conditions other) {
            return processor.equals(other.processor)
                    && processors == other.processors
                    && jdk.equals(other.jdk);
        }

        /** For people. */
        String machine() {
            return processor + ", " + processors + " processors, " + jdk + ", " + system;
        }
    }

    /**
     * One thing measured.
     *
     * @param is what it is, by the names of columns
     * @param figures the figure of each run, by the names of columns
     */
    record Line(Map<String, String> is, Map<String, List<Double>> figures) {
        /** What it is by this column; empty if it has none such. */
        String is(String column) {
            return is.getOrDefault(column, "");
        }

        /** Whether it is so in all of these columns. */
        boolean is(Map<String, String> so) {
            return is.entrySet().containsAll(so.entrySet());
        }
    }

    /**
     * Collects what runs of a benchmark wrote. Fractions are figures; whole numbers and texts say
     * what a row is, and are the same in every run.
     *
     * @param runs the files of the runs
     */
    static Measurement collect(Conditions conditions, List<Path> runs) throws IOException {
        if (runs.size() < FEWEST_RUNS) {
            throw new IllegalArgumentException(
                    runs.size() + " runs; at least " + FEWEST_RUNS + " make quartiles");
        }
        Map<Map<String, String>, Line> lines = new LinkedHashMap<>();
        for (int run = 0; run < runs.size(); run++) {
            for (JsonNode row : JSON.readTree(runs.get(run).toFile())) {
                collect(row, lines, run);
            }
        }
        for (Line line : lines.values()) {
            line.figures.forEach((column, all) -> refuseGaps(line, column, all, runs.size()));
        }
        return new Measurement(conditions, runs.size(), List.copyOf(lines.values()));
    }

    private static void collect(JsonNode row, Map<Map<String, String>, Line> lines, int run) {
        Map<String, String> is = new LinkedHashMap<>();
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> cell : row.properties()) {
            if (cell.getValue().isDouble()) {
                figures.put(cell.getKey(), cell.getValue().doubleValue());
            } else if (!cell.getValue().isNull()) {
                is.put(cell.getKey(), cell.getValue().asText());
            }
        }
        Line line = lines.computeIfAbsent(is, names -> new Line(names, new LinkedHashMap<>()));
        figures.forEach(
                (column, figure) -> {
                    List<Double> all =
                            line.figures.computeIfAbsent(column, name -> new ArrayList<>());
                    if (all.size() > run) {
                        throw new IllegalArgumentException(
                                is
                                        + " is two rows of run "
                                        + (run + 1)
                                        + ", with nothing to tell"
                                        + " them apart");
                    }
                    all.add(figure);
                });
    }

    private static void refuseGaps(Line line, String column, List<Double> all, int runs) {
        if (all.size() != runs) {
            throw new IllegalArgumentException(
                    line.is
                            + ", \""
                            + column
                            + "\": in "
                            + all.size()
                            + " of "
                            + runs
                            + " runs. A row is the same thing in each run: a figure that is a"
                            + " whole number or a text says what the row is, and may not vary");
        }
    }

    /** The lines that are so, in their order. */
    List<Line> lines(Map<String, String> so) {
        return lines.stream().filter(line -> line.is(so)).toList();
    }

    // ---- as JSON ----

    static Measurement parse(JsonNode node) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode row : node.required("rows")) {
            Line line = new Line(new LinkedHashMap<>(), new LinkedHashMap<>());
            for (Map.Entry<String, JsonNode> cell : row.properties()) {
                if (cell.getValue().isArray()) {
                    List<Double> figures = new ArrayList<>();
                    cell.getValue().forEach(figure -> figures.add(figure.doubleValue()));
                    line.figures.put(cell.getKey(), figures);
                } else {
                    line.is.put(cell.getKey(), cell.getValue().asText());
                }
            }
            lines.add(line);
        }
        return new Measurement(
                new Conditions(
                        node.required("processor").asText(),
                        node.required("processors").asInt(),
                        node.required("jdk").asText(),
                        node.required("system").asText(),
                        node.required("date").asText(),
                        node.required("commit").asText(),
                        node.required("command").asText()),
                node.required("runs").asInt(),
                lines);
    }

    /** As JSON, a row on each line, so that a difference between two versions can be read. */
    String json() {
        ObjectNode about =
                JSON.createObjectNode()
                        .put("processor", conditions.processor)
                        .put("processors", conditions.processors)
                        .put("jdk", conditions.jdk)
                        .put("system", conditions.system)
                        .put("date", conditions.date)
                        .put("commit", conditions.commit)
                        .put("command", conditions.command)
                        .put("runs", runs);
        return about.properties().stream()
                .map(entry -> "  " + quoted(entry.getKey()) + ": " + entry.getValue() + ",\n")
                .collect(
                        Collectors.joining(
                                "",
                                "{\n",
                                lines.stream()
                                        .map(line -> "    " + json(line))
                                        .collect(
                                                Collectors.joining(
                                                        ",\n", "  \"rows\": [\n", "\n  ]\n}"))));
    }

    private static String json(Line line) {
        ObjectNode row = JSON.createObjectNode();
        line.is.forEach(row::put);
        line.figures.forEach(
                (column, figures) -> {
                    var all = row.putArray(column);
                    figures.forEach(
                            figure -> all.add(new BigDecimal(figure).round(DIGITS).doubleValue()));
                });
        return row.toString();
    }

    private static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }
}
