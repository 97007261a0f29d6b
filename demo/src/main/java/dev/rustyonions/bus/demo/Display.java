package dev.rustyonions.bus.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Where the table goes: refreshed in place on a terminal, line after line elsewhere. */
sealed interface Display extends AutoCloseable {
    /** How often to show a frame. */
    Duration period();

    /**
     * Shows a state of things.
     *
     * @param elapsed since the start
     * @param status one line on the bus
     * @param rows the receivers
     */
    void show(Duration elapsed, String status, List<Table.Row> rows);

    /** Leaves the screen as it was found. */
    @Override
    void close();

    /**
     * In place. The frame has a screen of its own, each line an absolute position, and lines that
     * are too long are cut by the terminal: nothing depends on the size of the window, which may
     * change at any time. In a window too low the rows that do not fit share its last line.
     */
    record Terminal(PrintStream out, List<String> notes) implements Display {
        private static final String ESC = "\033[";
        private static final String ENTER = ESC + "?1049h" + ESC + "?7l" + ESC + "?25l";
        private static final String LEAVE = ESC + "?25h" + ESC + "?7h" + ESC + "?1049l";
        private static final String CLEAR_LINE = ESC + "K";
        private static final String CLEAR_BELOW = ESC + "J";

        public Terminal {
            out.print(ENTER);
        }

        @Override
        public Duration period() {
            return Duration.ofMillis(250);
        }

        @Override
        public void show(Duration elapsed, String status, List<Table.Row> rows) {
            // One write for the frame, so that it does not flicker.
            StringBuilder frame = new StringBuilder();
            int line = 1;
            line = put(frame, line, seconds(elapsed) + "  " + status);
            for (String note : notes) {
                line = put(frame, line, note);
            }
            line = put(frame, line, "");
            for (String row : Table.lines(rows)) {
                line = put(frame, line, row);
            }
            out.print(frame.append(CLEAR_BELOW));
            out.flush();
        }

        private static int put(StringBuilder frame, int line, String text) {
            frame.append(ESC).append(line).append(";1H").append(text).append(CLEAR_LINE);
            return line + 1;
        }

        @Override
        public void close() {
            out.print(LEAVE);
            out.flush();
        }
    }

    /** As lines, each of which can be read alone. */
    record Lines(PrintStream out, List<String> notes) implements Display {
        public Lines {
            notes.forEach(out::println);
            out.println("   time  " + Table.heading());
        }

        @Override
        public Duration period() {
            return Duration.ofSeconds(1);
        }

        @Override
        public void show(Duration elapsed, String status, List<Table.Row> rows) {
            out.println(seconds(elapsed) + "  " + status);
            Table.rows(rows).forEach(row -> out.println(seconds(elapsed) + "  " + row));
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    private static String seconds(Duration elapsed) {
        return String.format(Locale.ROOT, "%5.1f s", elapsed.toMillis() / 1e3);
    }
}
