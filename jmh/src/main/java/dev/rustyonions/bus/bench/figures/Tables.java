package dev.rustyonions.bus.bench.figures;

import dev.rustyonions.bus.bench.figures.Measurement.Line;
import dev.rustyonions.bus.bench.stat.Spread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of a document that are made from {@link Figures}. A comment says what is in each, and
 * what stands from there to the comment that ends it is replaced.
 *
 * <pre>
 * &lt;!-- table
 * figures: peers
 * show: deliveries/s
 * rows: system
 * columns: capacity | receivers
 * where: capacity = 64
 * --&gt;
 * &lt;!-- end of table --&gt;
 * </pre>
 *
 * <p>{@code figures} is the file. {@code show} names columns of figures, {@code rows} the columns
 * that tell the rows apart; either may have another heading, as in {@code n as receivers}. With
 * {@code columns}, one figure is shown, for each value of those. {@code where} leaves out all lines
 * that are something else. Each cell has the median of the runs and, in brackets, the quartiles. A
 * file of several measurements makes as many tables.
 */
final class Tables {
    private static final String BEGIN = "<!-- table\n";
    private static final String END = "<!-- end of table -->";
    private static final Pattern TABLE =
            Pattern.compile("(" + BEGIN + "(.*?)\n-->\n)(.*?)" + END, Pattern.DOTALL);
    private static final Pattern BETWEEN = Pattern.compile("\\s*\\|\\s*");
    private static final Set<String> KEYS = Set.of("figures", "show", "rows", "columns", "where");
    private static final String AS = " as ";
    private static final int COLUMNS = 120;

    private final Path folder;

    /** Tables of the figures in a folder. */
    Tables(Path folder) {
        this.folder = folder;
    }

    /** The document with all of its tables made anew. */
    String update(String document) throws IOException {
        Matcher table = TABLE.matcher(document);
        StringBuilder updated = new StringBuilder();
        while (table.find()) {
            if (table.group(3).contains(BEGIN)) {
                throw new IllegalArgumentException(
                        "no \"" + END + "\" ends the table:\n" + table.group(2));
            }
            table.appendReplacement(
                    updated,
                    Matcher.quoteReplacement(
                            table.group(1) + "\n" + made(table.group(2)) + "\n" + END));
        }
        return table.appendTail(updated).toString();
    }

    /** What the comment of a table says. */
    private record Wanted(
            String comment,
            String figures,
            List<String> show,
            List<String> rows,
            List<String> columns,
            List<String> where) {

        static Wanted parse(String comment) {
            Map<String, List<String>> said = new LinkedHashMap<>();
            for (String line : comment.split("\n", -1)) {
                String[] parts = line.split(":", 2);
                if (parts.length < 2 || !KEYS.contains(parts[0])) {
                    throw new IllegalArgumentException(
                            "\""
                                    + line
                                    + "\" begins with none of figures:, show:, rows:,"
                                    + " columns:, where:");
                }
                said.put(parts[0], List.of(BETWEEN.split(parts[1].strip(), -1)));
            }
            for (String key : List.of("figures", "show", "rows")) {
                if (!said.containsKey(key)) {
                    throw new IllegalArgumentException(
                            "no \"" + key + ":\" in the table:\n" + comment);
                }
            }
            Wanted wanted =
                    new Wanted(
                            comment,
                            String.join("", said.getOrDefault("figures", List.of())),
                            said.getOrDefault("show", List.of()),
                            said.getOrDefault("rows", List.of()),
                            said.getOrDefault("columns", List.of()),
                            said.getOrDefault("where", List.of()));
            if (!wanted.columns.isEmpty() && wanted.show.size() > 1) {
                throw new IllegalArgumentException(
                        "with \"columns:\" one figure is shown, not several, in the table:\n"
                                + comment);
            }
            return wanted;
        }
    }

    private String made(String comment) throws IOException {
        Wanted wanted = Wanted.parse(comment);
        Figures figures = Figures.read(Figures.file(folder, wanted.figures));
        if (figures.measurements().isEmpty()) {
            throw new IllegalArgumentException("there are no figures for the table:\n" + comment);
        }
        return figures.measurements().stream()
                .map(measurement -> made(measurement, wanted))
                .collect(Collectors.joining("\n"));
    }

    private static String made(Measurement measurement, Wanted wanted) {
        List<String> shown = columns(wanted.show);
        List<Line> lines =
                measurement.lines(where(wanted.where)).stream()
                        .filter(line -> shown.stream().anyMatch(line.figures()::containsKey))
                        .toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(
                    "no figures are so as the table says:\n" + wanted.comment);
        }
        List<String> rows = columns(wanted.rows);
        List<String> columns = wanted.columns;
        List<List<String>> across = values(lines, columns);
        StringBuilder table = new StringBuilder();
        append(
                table,
                Stream.concat(
                        headings(wanted.rows),
                        columns.isEmpty()
                                ? headings(wanted.show)
                                : across.stream().map(Tables::heading)));
        append(
                table,
                Stream.generate(() -> "---").limit(rows.size() + shown.size() * across.size()));
        for (List<String> row : values(lines, rows)) {
            List<Line> inRow =
                    lines.stream().filter(line -> values(line, rows).equals(row)).toList();
            Stream<String> cells =
                    across.stream()
                            .flatMap(
                                    column ->
                                            shown.stream()
                                                    .map(
                                                            figure ->
                                                                    cell(
                                                                            inRow, columns, column,
                                                                            figure)));
            append(table, Stream.concat(row.stream().map(Tables::grouped), cells));
        }
        return table.append('\n').append(origin(measurement)).toString();
    }

    private static List<String> columns(List<String> named) {
        return named.stream().map(name -> name.split(AS, 2)[0]).toList();
    }

    private static Stream<String> headings(List<String> named) {
        return named.stream()
                .map(
                        name ->
                                name.substring(
                                        name.indexOf(AS) < 0 ? 0 : name.indexOf(AS) + AS.length()));
    }

    private static Map<String, String> where(List<String> conditions) {
        Map<String, String> where = new LinkedHashMap<>();
        for (String condition : conditions) {
            String[] sides = condition.split(" = ", 2);
            if (sides.length < 2) {
                throw new IllegalArgumentException(
                        "where: \"" + condition + "\" is not a column, \" = \" and a value");
            }
            where.put(sides[0], sides[1]);
        }
        return where;
    }

    private static String cell(
            List<Line> row, List<String> columns, List<String> column, String figure) {
        List<Line> found =
                row.stream().filter(line -> values(line, columns).equals(column)).toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    found.size() + " lines in one cell, of which the first is " + found.getFirst());
        }
        return found.stream()
                .map(line -> line.figures().getOrDefault(figure, List.of()))
                .filter(runs -> !runs.isEmpty())
                .map(runs -> Unit.of(figure).text(Spread.of(runs)))
                .collect(Collectors.joining());
    }

    /** All that lines are by some columns, each once, in their order; one empty one by none. */
    private static List<List<String>> values(List<Line> lines, List<String> columns) {
        return lines.stream().map(line -> values(line, columns)).distinct().toList();
    }

    private static List<String> values(Line line, List<String> columns) {
        return columns.stream().map(line::is).toList();
    }

    private static String heading(List<String> values) {
        return values.stream().map(Tables::grouped).collect(Collectors.joining(" : "));
    }

    private static void append(StringBuilder table, Stream<String> cells) {
        table.append(cells.collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** What the figures were measured on and with. */
    private static String origin(Measurement measurement) {
        Measurement.Conditions on = measurement.conditions();
        String text =
                "Medians of "
                        + measurement.runs()
                        + " runs, with their quartiles in brackets. "
                        + on.machine()
                        + ". "
                        + on.date()
                        + ", commit "
                        + on.commit()
                        + ", `"
                        + on.command()
                        + "`.";
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            boolean fits = column + 1 + word.length() <= COLUMNS;
            if (column > 0) {
                lines.append(fits ? ' ' : '\n');
            }
            lines.append(word);
            column = column > 0 && fits ? column + 1 + word.length() : word.length();
        }
        return lines.append('\n').toString();
    }

    /** Whole numbers with a comma after each three digits. */
    static String grouped(String value) {
        return value.matches("\\d{4,18}")
                ? String.format(Locale.ROOT, "%,d", Long.parseLong(value))
                : value;
    }
}
