package dev.rustyonions.bus.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One line of a result table: named cells in order, numbers or text.
 *
 * @param table the table it belongs to
 * @param cells the cells by the names of their columns
 */
public record Row(String table, Map<String, Object> cells) {
    /** Begins a row. */
    public static Row of(String table) {
        return new Row(table, new LinkedHashMap<>());
    }

    /** Adds a cell. */
    public Row with(String column, Object value) {
        cells.put(column, value);
        return this;
    }

    /** The number in a cell. */
    public double number(String column) {
        return cells.get(column) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The row as a JSON object. */
    public String json() {
        return "{\"table\":"
                + quoted(table)
                + cells.entrySet().stream()
                        .map(cell -> "," + quoted(cell.getKey()) + ":" + json(cell.getValue()))
                        .collect(Collectors.joining())
                + "}";
    }

    private static String json(Object value) {
        return switch (value) {
            case Double number when number.isNaN() || number.isInfinite() -> "null";
            case Number number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** The rows as Markdown tables, one after the other. */
    public static String markdown(List<Row> rows) {
        Map<String, List<Row>> tables =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Row::table, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        tables.forEach((name, lines) -> appendTable(text, name, lines));
        return text.toString();
    }

    private static void appendTable(StringBuilder text, String name, List<Row> rows) {
        List<String> columns =
                rows.stream().flatMap(row -> row.cells.keySet().stream()).distinct().toList();
        text.append("\n## ").append(name).append("\n\n| ");
        text.append(String.join(" | ", columns)).append(" |\n|");
        text.append("---|".repeat(columns.size())).append('\n');
        for (Row row : rows) {
            text.append("| ");
            text.append(
                    columns.stream()
                            .map(column -> text(row.cells.getOrDefault(column, "")))
                            .collect(Collectors.joining(" | ")));
            text.append(" |\n");
        }
    }

    /** A cell for people: numbers to three digits that count. */
    public static String text(Object value) {
        if (!(value instanceof Double number)) {
            return value instanceof Number whole
                    ? String.format(Locale.ROOT, "%,d", whole.longValue())
                    : value.toString();
        }
        double size = Math.abs(number);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return size == 0 ? "0" : String.format(Locale.ROOT, format, number);
    }
}
