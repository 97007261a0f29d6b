package dev.rustyonions.bus.demo;

import dev.rustyonions.bus.Event;
import dev.rustyonions.bus.Message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The receivers as lines of text: what a display shows. */
final class Table {
    /** More rows than this are summed up in one. */
    static final int MOST_ROWS = 20;

    private static final String FORMAT = "%-10s %15s %15s %7s  %s";

    private Table() {}

    /**
     * One receiver.
     *
     * @param last the last message of a real source; null if there was none
     */
    record Row(
            String name, long delivered, long missed, int depth, @Nullable Message<Event> last) {}

    /** The heading and a line for each receiver. */
    static List<String> lines(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(heading());
        lines.addAll(rows(rows));
        return lines;
    }

    static String heading() {
        return String.format(
                Locale.ROOT, FORMAT, "receiver", "delivered", "missed", "depth", "last live event");
    }

    /** A line for each receiver, and one for those too many to show. */
    static List<String> rows(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        int shown = Math.min(rows.size(), MOST_ROWS);
        rows.subList(0, shown).forEach(row -> lines.add(line(row)));
        List<Row> rest = rows.subList(shown, rows.size());
        if (!rest.isEmpty()) {
            lines.add(
                    line(
                            new Row(
                                    rest.size() + " more",
                                    rest.stream().mapToLong(Row::delivered).sum(),
                                    rest.stream().mapToLong(Row::missed).sum(),
                                    rest.stream().mapToInt(Row::depth).max().orElse(0),
                                    null)));
        }
        return lines;
    }

    private static String line(Row row) {
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        row.name(),
                        String.format(Locale.ROOT, "%,d", row.delivered()),
                        String.format(Locale.ROOT, "%,d", row.missed()),
                        String.format(Locale.ROOT, "%,d", row.depth()),
                        row.last() == null ? "" : text(row.last()))
                .stripTrailing();
    }

    /**
     * A message with its payload. An event's own {@code toString} keeps the payload out of logs;
     * this is a screen, and the payload is the demo's.
     */
    static String text(Message<Event> message) {
        String text =
                switch (message.event()) {
                    case Event.Health(String service, boolean ok) ->
                            "health " + service + (ok ? " ok" : " NOT OK");
                    case Event.ConfigUpdated(long version) -> "config version " + version;
                    case Event.ServiceCrashed(String service, String reason) ->
                            "crash " + service + ": " + reason;
                    case Event.Shutdown() -> "shutdown";
                };
        // Names of threads and messages of exceptions may hold anything, line ends included.
        return "#" + message.sequence() + " " + text.replaceAll("\\p{Cntrl}", " ");
    }
}
